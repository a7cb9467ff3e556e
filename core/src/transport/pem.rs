//! Reads certificates from PEM files, also with a byte order mark, CRLF line ends, and text around the certificates.

use crate::error::{Error, Result};
use encoding_rs::UTF_8;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use std::path::Path;

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// Returns the certificates of the setting `ca_file`: of a file, or of all files in a folder.
///
/// The error `config` names the file and the invalid line.
pub(super) fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>> {
    if path.is_dir() { of_folder(path) } else { of_file(path) }
}

/// Reads the files of a folder. Ignores files without certificates, as other programs do.
fn of_folder(folder: &Path) -> Result<Vec<CertificateDer<'static>>> {
    let invalid = |why: String| Error::config("ca_file", format!("invalid `ca_file` {}: {why}", folder.display()));
    let entries = std::fs::read_dir(folder).map_err(|error| invalid(error.to_string()))?;
    let files = entries.flatten().map(|entry| entry.path()).filter(|path| path.is_file());
    let certificates: Vec<_> = files.filter_map(|file| of_file(&file).ok()).flatten().collect();
    if certificates.is_empty() {
        return Err(invalid("expected files with certificates in PEM form, found none in this folder".into()));
    }
    Ok(certificates)
}

fn of_file(file: &Path) -> Result<Vec<CertificateDer<'static>>> {
    let invalid = |why: String| Error::config("ca_file", format!("invalid `ca_file` {}: {why}", file.display()));
    let bytes = std::fs::read(file).map_err(|error| invalid(error.to_string()))?;
    if bytes.starts_with(&[0x30, 0x82]) {
        let how = "openssl x509 -inform der -in FILE -out FILE.pem";
        return Err(invalid(format!("expected PEM text, got a binary (DER) file; convert it with `{how}`")));
    }
    let (text, ..) = UTF_8.decode(&bytes); // also UTF-16 with a byte order mark; text around certificates may be invalid
    parse(&text).map_err(invalid)
}

fn parse(text: &str) -> std::result::Result<Vec<CertificateDer<'static>>, String> {
    let mut certificates = Vec::new();
    for (start, _) in text.match_indices(BEGIN) {
        let line =
            text[..start].lines().count() + usize::from(text[..start].is_empty() || text[..start].ends_with('\n'));
        let at = |why: &str| format!("line {line}: certificate {} {why}", certificates.len() + 1);
        let section = &text[start..];
        let end = section.find(END).ok_or_else(|| at("has no line `-----END CERTIFICATE-----`"))?;
        if section[BEGIN.len()..end].contains("-----BEGIN") {
            return Err(at("has no line `-----END CERTIFICATE-----`"));
        }
        let section = &section[..end + END.len()];
        let certificate = CertificateDer::from_pem_slice(section.as_bytes()).map_err(|_| at("is not valid base64"))?;
        RootCertStore::empty().add(certificate.clone()).map_err(|_| at("is not a valid X.509 certificate"))?;
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

    fn pem() -> String {
        rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap().cert.pem()
    }

    fn read(bytes: &[u8]) -> Result<Vec<CertificateDer<'static>>> {
        static NEXT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        let number = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let file = std::env::temp_dir().join(format!("egito-pem-{}-{number}.pem", std::process::id()));
        std::fs::write(&file, bytes).unwrap();
        let read = certificates(&file);
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
        let none = certificates(&folder).unwrap_err().to_string();
        assert!(none.contains("found none in this folder"), "{none}");
        for (name, text) in [("a.pem", pem()), ("b.0", pem()), ("README", "no certificate".into())] {
            std::fs::write(folder.join(name), text).unwrap();
        }
        assert_eq!(certificates(&folder).unwrap().len(), 2);
        std::fs::remove_dir_all(folder).unwrap();
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
