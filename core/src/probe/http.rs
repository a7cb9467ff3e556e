//! Checks compression, connections that stay open, and the duration of requests, from the requests of the other checks.

use super::prober::Prober;
use super::text::text;
use ::http::HeaderMap;

/// Requests that take longer are worth a warning.
const SLOW_SECONDS: f64 = 2.0;

/// Evaluates the requests so far.
pub(super) fn check(prober: &mut Prober) {
    if let Some(headers) = prober.headers.take() {
        compression(prober, &headers);
        keep_alive(prober, &headers);
    }
    latency(prober);
}

fn compression(prober: &mut Prober, headers: &HeaderMap) {
    let coding = header(headers, "content-encoding");
    prober.fact("compression", coding.as_deref().unwrap_or("none"));
    let message = coding.map(|coding| text!("lists come compressed with {}", coding));
    let uncompressed = "lists come uncompressed; the server's administrator can turn compression on";
    prober.ok("compression", message.unwrap_or_else(|| uncompressed.into()));
}

fn keep_alive(prober: &mut Prober, headers: &HeaderMap) {
    let closes = header(headers, "connection").is_some_and(|value| value.eq_ignore_ascii_case("close"));
    prober.fact("keep_alive", !closes);
    if closes {
        prober
            .warning("keep_alive", "the server closes the connection after each response")
            .advise("Each request then opens a connection, which takes time. Ask the server's administrator.");
    } else {
        prober.ok("keep_alive", "connections stay open");
    }
}

fn latency(prober: &mut Prober) {
    let Some(median) = median(&mut prober.latencies) else {
        prober.unknown("latency", "no request succeeded at once");
        return;
    };
    let milliseconds = (median * 10_000.0).round() / 10.0;
    prober.fact("latency_ms", milliseconds);
    let message = text!("half of the requests took less than {} ms", milliseconds);
    if median > SLOW_SECONDS {
        prober.warning("latency", message).advise("Use the bulk calls, which send several requests at a time.");
    } else {
        prober.ok("latency", message);
    }
}

fn median(values: &mut [f64]) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::median;

    #[test]
    fn the_median_ignores_outliers() {
        assert_eq!(median(&mut [9.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&mut []), None);
    }
}
