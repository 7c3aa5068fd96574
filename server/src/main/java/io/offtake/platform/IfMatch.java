package io.offtake.platform;

import org.springframework.http.ResponseEntity;

/// The version a change was based on. As an argument of a controller method it is read from `If-Match`; a request without
/// one is answered 428 before the method runs.
///
/// @param version the version in the header
public record IfMatch(long version) {

    /// @throws ProblemException STALE with the version in force, if it is another one
    public void check(long current) {
        if (version != current) {
            throw Problem.of(ProblemCode.STALE, "You changed version " + version + ", version " + current + " is in force.")
                    .with("currentVersion", current).exception();
        }
    }

    /// Reads a header's value.
    public static IfMatch parse(@org.jspecify.annotations.Nullable String header) {
        if (header == null || header.isBlank()) {
            throw Problem.of(ProblemCode.IF_MATCH_MISSING).at("#If-Match", ProblemCode.IF_MATCH_MISSING, "is missing", "the ETag of the version you read").exception();
        }
        var text = header.strip().replaceFirst("^W/", "");
        if (text.matches("\"\\d{1,18}\"")) return new IfMatch(Long.parseLong(text.substring(1, text.length() - 1)));
        throw Problem.of(ProblemCode.STALE, "If-Match " + header + " is not an ETag of this resource.").exception();
    }

    /// The ETag of a version.
    public static String etag(long version) {
        return "\"" + version + "\"";
    }

    /// 200 with the ETag of its version.
    public static <T> ResponseEntity<T> ok(T body, long version) {
        return ResponseEntity.ok().eTag(etag(version)).body(body);
    }
}
