//! Reads what a probe reports about a certificate: its authority and its dates.
//!
//! rustls verifies certificates, but does not return these, and a package that reads the whole of X.509 brings a dozen others.

use std::time::{Duration, SystemTime};
use time::{Date, Month, OffsetDateTime, Time};

/// The server's certificate, trusted or not.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CertificateInfo {
    /// Organization and name of the authority; `None` if the certificate has no such name, or is its own authority.
    pub issuer: Option<String>,
    /// First day on which it is valid, in UTC, such as `2026-11-28`.
    pub first_day: String,
    /// Last day on which it is valid.
    pub last_day: String,
    /// Time at which it ends.
    end: OffsetDateTime,
    /// Number of certificates that the server sent, this one included.
    pub sent: usize,
}

impl CertificateInfo {
    /// Returns the remaining time, or 0.
    pub(crate) fn time_left(&self, now: SystemTime) -> Duration {
        (self.end - OffsetDateTime::from(now)).try_into().unwrap_or_default()
    }

    /// Reads a certificate in DER; `None` if it is broken.
    pub(super) fn read(der: &[u8], sent: usize) -> Option<Self> {
        let mut certificate = Der(Der(der).expect(SEQUENCE)?);
        let mut fields = Der(certificate.expect(SEQUENCE)?);
        if fields.0.first() == Some(&VERSION) {
            fields.next()?;
        }
        fields.expect(INTEGER)?; // serial number
        fields.expect(SEQUENCE)?; // algorithm of the signature
        let issuer = fields.expect(SEQUENCE)?;
        let mut validity = Der(fields.expect(SEQUENCE)?);
        let (begin, end) = (time(&mut validity)?, time(&mut validity)?);
        let is_self_signed = fields.expect(SEQUENCE)? == issuer;
        Some(Self {
            issuer: Some(issuer).filter(|_| !is_self_signed).and_then(name),
            first_day: begin.date().to_string(),
            last_day: end.date().to_string(),
            end,
            sent,
        })
    }
}

const VERSION: u8 = 0xa0;
const INTEGER: u8 = 0x02;
const OBJECT_ID: u8 = 0x06;
const UTF8_STRING: u8 = 0x0c;
const PRINTABLE_STRING: u8 = 0x13;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;

/// The object ids of the organization and the common name.
const NAMES: [&[u8]; 2] = [&[0x55, 4, 10], &[0x55, 4, 3]];

/// The rest of a text in DER: elements with tag, length and content.
struct Der<'a>(&'a [u8]);

impl<'a> Der<'a> {
    /// Returns tag and content of the next element.
    fn next(&mut self) -> Option<(u8, &'a [u8])> {
        let (&tag, rest) = self.0.split_first()?;
        let (&first, rest) = rest.split_first()?;
        let (length, rest) = match first {
            0..=0x7f => (usize::from(first), rest),
            0x81..=0x84 => {
                let (digits, rest) = rest.split_at_checked(usize::from(first - 0x80))?;
                (digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit)), rest)
            }
            _ => return None,
        };
        let (content, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some((tag, content))
    }

    /// Returns the content of the next element, which must have this tag.
    fn expect(&mut self, tag: u8) -> Option<&'a [u8]> {
        self.next().filter(|(found, _)| *found == tag).map(|(_, content)| content)
    }
}

/// Returns the organization and the common name of a name, separated by a comma.
fn name(der: &[u8]) -> Option<String> {
    let (mut parts, mut found) = (Der(der), [None, None]);
    while let Some(set) = parts.expect(SET) {
        let mut part = Der(Der(set).expect(SEQUENCE)?);
        let (id, value) = (part.expect(OBJECT_ID)?, part.next()?);
        if let (Some(index), (UTF8_STRING | PRINTABLE_STRING, text)) =
            (NAMES.iter().position(|name| *name == id), value)
        {
            found[index] = std::str::from_utf8(text).ok();
        }
    }
    let found: Vec<_> = found.into_iter().flatten().collect();
    (!found.is_empty()).then(|| found.join(", "))
}

/// Returns a time in UTC: `YYMMDDhhmmssZ`, or with four digits of the year.
fn time(der: &mut Der<'_>) -> Option<OffsetDateTime> {
    let (tag, content) = der.next()?;
    let text = std::str::from_utf8(content).ok()?.strip_suffix('Z').filter(|text| text.is_ascii())?;
    let (year, rest) = match tag {
        UTC_TIME => {
            let (year, rest) = text.split_at_checked(2)?;
            let year: i32 = year.parse().ok()?;
            (if year < 50 { 2000 + year } else { 1900 + year }, rest)
        }
        GENERALIZED_TIME => {
            let (year, rest) = text.split_at_checked(4)?;
            (year.parse().ok()?, rest)
        }
        _ => return None,
    };
    let number = |index: usize| rest.get(index * 2..index * 2 + 2)?.parse::<u8>().ok();
    let date = Date::from_calendar_date(year, Month::try_from(number(0)?).ok()?, number(1)?).ok()?;
    Some(date.with_time(Time::from_hms(number(2)?, number(3)?, number(4)?).ok()?).assume_utc())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rcgen::{CertificateParams, CertifiedIssuer, DnType, KeyPair, date_time_ymd};

    fn certificate(is_self_signed: bool) -> Vec<u8> {
        let mut authority = CertificateParams::new(Vec::new()).unwrap();
        authority.distinguished_name.push(DnType::CommonName, "Urząd R1");
        authority.distinguished_name.push(DnType::CountryName, "PL");
        authority.distinguished_name.push(DnType::OrganizationName, "Próba");
        let mut params = CertificateParams::new(vec!["localhost".into()]).unwrap();
        params.not_before = date_time_ymd(2024, 2, 29);
        params.not_after = date_time_ymd(2051, 12, 31); // a year that needs four digits
        let key = KeyPair::generate().unwrap();
        if is_self_signed {
            return params.self_signed(&key).unwrap().der().to_vec();
        }
        let issuer = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
        params.signed_by(&key, &issuer).unwrap().der().to_vec()
    }

    #[test]
    fn a_certificate_has_an_authority_and_dates() {
        let info = CertificateInfo::read(&certificate(false), 2).unwrap();
        assert_eq!((info.issuer.as_deref(), info.sent), (Some("Próba, Urząd R1"), 2));
        assert_eq!((info.first_day.as_str(), info.last_day.as_str()), ("2024-02-29", "2051-12-31"));
        let end: SystemTime = date_time_ymd(2051, 12, 31).into();
        assert_eq!(info.time_left(end - Duration::from_secs(60)), Duration::from_secs(60));
        assert_eq!(info.time_left(end + Duration::from_secs(60)), Duration::ZERO);
        assert_eq!(CertificateInfo::read(&certificate(true), 1).unwrap().issuer, None);
    }

    #[test]
    fn a_broken_certificate_is_not_read() {
        let der = certificate(false);
        for end in 0..300 {
            assert_eq!(CertificateInfo::read(&der[..end], 1), None, "{end}");
        }
        for index in 0..300 {
            let mut der = der.clone();
            der[index] ^= 0xff;
            let _ = CertificateInfo::read(&der, 1); // whatever it is, it does not panic
        }
    }
}
