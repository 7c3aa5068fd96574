package io.offtake.platform;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/// A refusal as RFC 9457 wants it: which rule said no, at which place, and what would be accepted.
///
/// ```java
/// return Problem.of(STOCK_SHORT).detail("S1: 4 of 12 pieces").rule("STK-08").with("gaps", gaps).response();
/// throw Problem.of(INVALID).at("/lines/0/qty", QUANTITY_INVALID, "must be positive").exception();
/// ```
///
/// @param code   what clients branch on
/// @param detail this occurrence, in a sentence for the person in front of the screen
/// @param rule   id of the rule that refused (PX-25, SOD-6, …)
/// @param errors one entry per place in the request
/// @param more   extension members, in the order they were added
public record Problem(ProblemCode code, String detail, @Nullable String rule, List<Fault> errors, Map<String, Object> more) {
    public static final String TYPE_PREFIX = "urn:offtake:problem:";

    public Problem {
        errors = List.copyOf(errors);
    }

    /// One place that is not acceptable.
    ///
    /// @param pointer  JSON pointer into the body (`/lines/0/qty`), or `?name` for a query parameter, `#name` for a header
    /// @param accepted what would be accepted, if it can be said
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Fault(String pointer, String code, String detail, @Nullable Object accepted) {}

    public static Problem of(ProblemCode code) {
        return new Problem(code, code.title() + ".", null, List.of(), Map.of());
    }

    public static Problem of(ProblemCode code, String detail) {
        return of(code).detail(detail);
    }

    public Problem detail(String text) {
        return new Problem(code, text, rule, errors, more);
    }

    public Problem rule(String id) {
        return new Problem(code, detail, id, errors, more);
    }

    public Problem at(String pointer, ProblemCode what, String text) {
        return at(new Fault(pointer, what.name(), text, null));
    }

    public Problem at(String pointer, ProblemCode what, String text, Object accepted) {
        return at(new Fault(pointer, what.name(), text, accepted));
    }

    public Problem at(Fault fault) {
        var all = new ArrayList<>(errors);
        all.add(fault);
        return new Problem(code, detail, rule, all, more);
    }

    /// Adds a member of its own: `gaps`, `limit`, `accepted`, …
    public Problem with(String name, Object value) {
        var all = new LinkedHashMap<>(more);
        all.put(name, value);
        return new Problem(code, detail, rule, errors, all);
    }

    public ProblemException exception() {
        return new ProblemException(this);
    }

    /// The answer; its type is `ResponseEntity<Object>` so that a controller can return it beside its own body.
    /// A member `retryAfter` (seconds) is the header as well.
    public ResponseEntity<Object> response() {
        var answer = ResponseEntity.status(code.status()).contentType(MediaType.APPLICATION_PROBLEM_JSON);
        if (more.get("retryAfter") != null) answer.header(HttpHeaders.RETRY_AFTER, more.get("retryAfter").toString());
        return answer.body(this);
    }

    /// The members in the order of RFC 9457, then ours.
    @JsonValue
    public Map<String, Object> members() {
        var members = new LinkedHashMap<String, Object>();
        members.put("type", TYPE_PREFIX + code.name());
        members.put("title", code.title());
        members.put("status", code.status());
        members.put("detail", detail);
        members.put("code", code.name());
        if (rule != null) members.put("rule", rule);
        if (!errors.isEmpty()) members.put("errors", errors);
        more.forEach(members::putIfAbsent);
        return members;
    }
}
