//! Reads certificates from PEM files. Accepts a byte order mark, UTF-16, CRLF line ends, and text around the certificates.

use crate::error::{Error, Result};
use encoding_rs::UTF_8;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use std::borrow::Cow;
use std::ffi::OsStr;
use std::path::Path;

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// What names a path, for error messages.
#[derive(Clone, Copy, Debug)]
pub(crate) enum PathOrigin<'n> {
    Setting(&'n str),
    Variable(&'n str),
}

impl PathOrigin<'_> {
    fn error(self, why: &str) -> Error {
        match self {
            Self::Setting(name) => Error::config(name, format!("invalid `{name}`: {why}")),
            Self::Variable(name) => Error::config(name, format!("invalid environment variable {name}: {why}")),
        }
    }

    fn unreadable(self, path: &Path, error: &std::io::Error) -> Error {
        self.error(&format!("cannot read {}: {error}", path.display()))
    }

    fn invalid(self, path: &Path, why: &str) -> Error {
        self.error(&format!("{}: {why}", path.display()))
    }
}

/// Returns the certificates of a file, or of all files in a folder.
///
/// The error `config` names the file and the invalid line.
pub(crate) fn certificates(path: &Path, origin: PathOrigin<'_>) -> Result<Vec<CertificateDer<'static>>> {
    if !path.is_dir() {
        return of_file(path, origin);
    }
    let certificates = of_folder(path, origin)?;
    if certificates.is_empty() {
        return Err(origin.invalid(path, "expected files with certificates in PEM form, found none in this folder"));
    }
    Ok(certificates)
}

/// Returns the certificates of a list of folders, separated like those in `PATH`. Some of them may be missing or empty, but not all.
pub(super) fn of_folders(list: &OsStr, origin: PathOrigin<'_>) -> Result<Vec<CertificateDer<'static>>> {
    let mut certificates = Vec::new();
    for folder in std::env::split_paths(list).filter(|folder| folder.try_exists().unwrap_or(true)) {
        certificates.extend(of_folder(&folder, origin)?);
    }
    if certificates.is_empty() {
        let why = "expected folders with certificates in PEM form, found none there";
        return Err(origin.invalid(list.as_ref(), why));
    }
    Ok(certificates)
}

/// Returns the certificates of the files of a folder. Ignores files without certificates, and links to missing files.
fn of_folder(folder: &Path, origin: PathOrigin<'_>) -> Result<Vec<CertificateDer<'static>>> {
    let entries = std::fs::read_dir(folder).map_err(|error| origin.unreadable(folder, &error))?;
    let mut certificates = Vec::new();
    for path in entries.flatten().map(|entry| entry.path()).filter(|path| path.is_file()) {
        let bytes = std::fs::read(&path).map_err(|error| origin.unreadable(&path, &error))?;
        let is_certificate = if is_der(&bytes) { is_x509(bytes.clone().into()) } else { text(&bytes).contains(BEGIN) };
        if is_certificate {
            certificates.extend(of_bytes(&bytes, &path, origin)?);
        }
    }
    certificates.sort_unstable_by(|a, b| a.cmp(b)); // such folders have several links to each file
    certificates.dedup();
    Ok(certificates)
}

/// Returns the certificates of a file.
pub(super) fn of_file(file: &Path, origin: PathOrigin<'_>) -> Result<Vec<CertificateDer<'static>>> {
    let bytes = std::fs::read(file).map_err(|error| origin.unreadable(file, &error))?;
    of_bytes(&bytes, file, origin)
}

fn of_bytes(bytes: &[u8], file: &Path, origin: PathOrigin<'_>) -> Result<Vec<CertificateDer<'static>>> {
    if is_der(bytes) {
        let how = "openssl x509 -inform der -in FILE -out FILE.pem";
        let why = format!("expected PEM text, got a binary (DER) file; convert it with `{how}`");
        return Err(origin.invalid(file, &why));
    }
    parse(&text(bytes)).map_err(|why| origin.invalid(file, &why))
}

/// Returns the certificates of a file that the system maintains. Skips invalid ones, since users cannot correct them.
#[cfg(any(test, all(unix, not(target_vendor = "apple"), not(target_os = "android"))))]
pub(super) fn of_system_file(bytes: &[u8]) -> Vec<CertificateDer<'static>> {
    let text = text(bytes);
    let certificates = CertificateDer::pem_slice_iter(text.as_bytes()).flatten();
    certificates.filter(|certificate| is_x509(certificate.clone())).collect()
}

/// Decodes UTF-8, or UTF-16 with a byte order mark. The text around certificates may be invalid.
fn text(bytes: &[u8]) -> Cow<'_, str> {
    UTF_8.decode(bytes).0
}

/// Returns whether a file looks like a binary certificate.
fn is_der(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x30, 0x82])
}

fn is_x509(certificate: CertificateDer<'static>) -> bool {
    RootCertStore::empty().add(certificate).is_ok()
}

/// Returns the number of the line that contains an offset.
fn line_number(text: &str, offset: usize) -> usize {
    1 + text[..offset].matches('\n').count()
}

fn parse(text: &str) -> std::result::Result<Vec<CertificateDer<'static>>, String> {
    let mut certificates = Vec::new();
    for (start, _) in text.match_indices(BEGIN) {
        let number = certificates.len() + 1;
        let at = |why: &str| format!("line {}: certificate {number} {why}", line_number(text, start));
        let section = &text[start..];
        let end = section.find(END).ok_or_else(|| at("has no line `-----END CERTIFICATE-----`"))?;
        if section[BEGIN.len()..end].contains("-----BEGIN") {
            return Err(at("has no line `-----END CERTIFICATE-----`"));
        }
        let section = &section[..end + END.len()];
        let certificate = CertificateDer::from_pem_slice(section.as_bytes()).map_err(|_| at("is not valid base64"))?;
        if !is_x509(certificate.clone()) {
            return Err(at("is not a valid X.509 certificate"));
        }
        certificates.push(certificate);
    }
    if certificates.is_empty() {
        Err("expected a certificate in PEM form, found none".into())
    } else {
        Ok(certificates)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CA_FILE: PathOrigin<'_> = PathOrigin::Setting("ca_file");

    fn pem() -> String {
        rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap().cert.pem()
    }

    fn read(bytes: &[u8]) -> Result<Vec<CertificateDer<'static>>> {
        static NEXT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        let number = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let file = std::env::temp_dir().join(format!("egito-pem-{}-{number}.pem", std::process::id()));
        std::fs::write(&file, bytes).unwrap();
        let read = certificates(&file, CA_FILE);
        std::fs::remove_file(file).unwrap();
        read
    }

    #[test]
    fn every_common_form_of_pem_is_read() {
        let one = pem();
        let crlf = one.replace("\r\n", "\n").replace('\n', "\r\n");
        let utf_16: Vec<u8> = format!("\u{feff}{one}").encode_utf16().flat_map(u16::to_le_bytes).collect();
        let latin = [b"Subject: \xAFubr\n", one.as_bytes()].concat();
        for (bytes, count) in [
            (one.clone().into_bytes(), 1),
            (format!("\u{feff}{one}").into_bytes(), 1),
            (crlf.into_bytes(), 1),
            (utf_16, 1),
            (latin, 1),
            (format!("# ours\n{one}\n  and\n{}trailing", pem()).into_bytes(), 2),
        ] {
            assert_eq!(read(&bytes).unwrap().len(), count);
        }
    }

    #[test]
    fn the_certificates_of_a_folder_are_read() {
        let folder = std::env::temp_dir().join(format!("egito-pem-folder-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let none = certificates(&folder, CA_FILE).unwrap_err().to_string();
        assert!(none.contains("found none in this folder"), "{none}");
        for (name, text) in [("a.pem", pem()), ("b.0", pem()), ("README", "no certificate".into())] {
            std::fs::write(folder.join(name), text).unwrap();
        }
        assert_eq!(certificates(&folder, CA_FILE).unwrap().len(), 2);
        std::fs::write(folder.join("c.pem"), &pem()[..300]).unwrap();
        let broken = certificates(&folder, CA_FILE).unwrap_err().to_string();
        assert!(broken.contains("c.pem: line 1: certificate 1 has no line"), "{broken}");
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn some_folders_of_a_list_may_be_missing_but_not_all() {
        let folder = std::env::temp_dir().join(format!("egito-pem-folders-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("empty")).unwrap();
        std::fs::write(folder.join("a.pem"), pem()).unwrap();
        let read = |names: &[&str]| {
            let list = std::env::join_paths(names.iter().map(|name| folder.join(name))).unwrap();
            of_folders(&list, PathOrigin::Variable("SSL_CERT_DIR"))
        };
        assert_eq!(read(&["missing", "empty", ""]).unwrap().len(), 1);
        for names in [&["missing"][..], &["empty"], &["empty", "missing"], &["a.pem"]] {
            let error = read(names).unwrap_err().to_string();
            assert!(error.contains("environment variable SSL_CERT_DIR: ") && error.contains(names[0]), "{error}");
        }
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn every_common_form_of_the_system_s_file_is_read_without_its_invalid_certificates() {
        let utf_16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        let text = format!("\u{feff}{}{BEGIN}\nMAMCAQE=\n{END}\n{}", pem(), pem());
        for bytes in [text.as_bytes(), &text.as_bytes()[3..], &utf_16(&text)] {
            assert_eq!(of_system_file(bytes).len(), 2);
        }
    }

    #[test]
    fn an_error_names_the_file_and_the_line() {
        let (one, lines) = (pem(), pem().lines().count());
        for (text, expected) in [
            (format!("{one}-----BEGIN CERTIFICATE-----\nAA"), format!("line {}: certificate 2 has no line", lines + 1)),
            (format!("x\n{BEGIN}\n!!\n{END}\n"), "line 2: certificate 1 is not valid base64".into()),
            (format!("{BEGIN}\nMAMCAQE=\n{END}\n"), "line 1: certificate 1 is not a valid X.509 certificate".into()),
            ("hello".into(), "found none".into()),
            (format!("{BEGIN}\n{one}"), "line 1: certificate 1 has no line".into()),
        ] {
            let error = read(text.as_bytes()).unwrap_err().to_string();
            assert!(error.contains(&expected) && error.contains("egito-pem-"), "{error}");
        }
        assert!(read(&[0x30, 0x82, 1, 2]).unwrap_err().to_string().contains("DER"));
    }
}
