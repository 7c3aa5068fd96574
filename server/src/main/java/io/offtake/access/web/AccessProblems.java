package io.offtake.access.web;

import io.offtake.access.AccessRefused;
import io.offtake.access.SecurityLog;
import io.offtake.access.app.Sessions;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/// Refusals of access are answered as any problem, and noted.
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class AccessProblems {
    private final SecurityLog log;

    AccessProblems(SecurityLog log) {
        this.log = log;
    }

    @ExceptionHandler(AccessRefused.class)
    ResponseEntity<Object> refused(AccessRefused refusal) {
        log.refused(refusal);
        return refusal.problem().response();
    }

    @ExceptionHandler(Sessions.TooManyAttempts.class)
    ResponseEntity<Object> limited(Sessions.TooManyAttempts refusal) {
        return ResponseEntity.status(refusal.problem().code().status()).header(HttpHeaders.RETRY_AFTER, Long.toString(refusal.seconds()))
                .contentType(MediaType.APPLICATION_PROBLEM_JSON).body(refusal.problem());
    }
}
