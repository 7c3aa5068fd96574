package io.offtake.platform.web;

import static io.offtake.platform.ProblemCode.BUSY;
import static io.offtake.platform.ProblemCode.DUPLICATE;
import static io.offtake.platform.ProblemCode.FAULT;
import static io.offtake.platform.ProblemCode.INVALID;
import static io.offtake.platform.ProblemCode.MALFORMED;
import static io.offtake.platform.ProblemCode.MEDIA_TYPE;
import static io.offtake.platform.ProblemCode.METHOD_NOT_ALLOWED;
import static io.offtake.platform.ProblemCode.NOT_ACCEPTABLE;
import static io.offtake.platform.ProblemCode.NOT_FOUND;
import static io.offtake.platform.ProblemCode.TOO_LARGE;
import static io.offtake.platform.ProblemCode.UNAVAILABLE;

import io.offtake.platform.Problem;
import io.offtake.platform.ProblemException;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.ConstraintViolationException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.validation.FieldError;
import org.springframework.validation.method.ParameterErrors;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.MissingRequestHeaderException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.multipart.MaxUploadSizeExceededException;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.PropertyBindingException;

/// Every way a request can end badly becomes one problem. Malformed input is never a fault, and a fault never tells more
/// than an id.
@RestControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE - 100)
class ProblemHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ProblemHandler.class);
    private static final String RETRY_SECONDS = "2";

    @ExceptionHandler(ProblemException.class)
    ResponseEntity<Object> refused(ProblemException refusal) {
        return refusal.problem().response();
    }

    @ExceptionHandler(MethodArgumentNotValidException.class)
    ResponseEntity<Object> invalid(MethodArgumentNotValidException invalid) {
        var problem = Problem.of(INVALID);
        for (var error : invalid.getBindingResult().getAllErrors()) {
            var pointer = error instanceof FieldError field ? pointer(field.getField()) : "";
            problem = problem.at(pointer, INVALID, text(error.getDefaultMessage()));
        }
        return sorted(problem).response();
    }

    @ExceptionHandler(HandlerMethodValidationException.class)
    ResponseEntity<Object> invalid(HandlerMethodValidationException invalid) {
        var problem = Problem.of(INVALID);
        for (var result : invalid.getParameterValidationResults()) {
            if (result instanceof ParameterErrors errors) {
                for (var error : errors.getAllErrors()) {
                    var at = error instanceof FieldError field ? pointer(field.getField()) : "";
                    if (errors.getContainerIndex() != null) at = "/" + errors.getContainerIndex() + at;
                    problem = problem.at(at, INVALID, text(error.getDefaultMessage()));
                }
            } else {
                for (var error : result.getResolvableErrors()) {
                    problem = problem.at("?" + result.getMethodParameter().getParameterName(), INVALID, text(error.getDefaultMessage()));
                }
            }
        }
        return sorted(problem).response();
    }

    @ExceptionHandler(ConstraintViolationException.class)
    ResponseEntity<Object> invalid(ConstraintViolationException invalid) {
        return problemOf(invalid).response();
    }

    static Problem problemOf(ConstraintViolationException invalid) {
        var problem = Problem.of(INVALID);
        for (var violation : invalid.getConstraintViolations()) {
            problem = problem.at(pointer(violation.getPropertyPath().toString()), INVALID, text(violation.getMessage()));
        }
        return sorted(problem);
    }

    @ExceptionHandler({HttpMessageNotReadableException.class, JacksonException.class})
    ResponseEntity<Object> unreadable(Exception unreadable) {
        return problemOf(unreadable).response();
    }

    /// What is wrong with a body that could not be read, also for modules that read JSON line by line.
    static Problem problemOf(Exception unreadable) {
        for (@Nullable Throwable cause = unreadable; cause != null; cause = cause.getCause()) {
            if (cause instanceof ProblemException refusal) return refusal.problem();
        }
        for (@Nullable Throwable cause = unreadable; cause != null; cause = cause.getCause()) {
            if (cause instanceof JacksonException json) return problemOf(json);
        }
        return Problem.of(MALFORMED, "The body is missing or cannot be read.").at("", MALFORMED, "must be a JSON document");
    }

    private static Problem problemOf(JacksonException json) {
        var at = new StringBuilder();
        for (var step : json.getPath()) {
            at.append('/').append(step.getPropertyName() != null ? step.getPropertyName().replace("~", "~0").replace("/", "~1") : Integer.toString(step.getIndex()));
        }
        var pointer = at.toString();
        var problem = Problem.of(MALFORMED, "The body cannot be read" + (pointer.isEmpty() ? "." : " at " + pointer + "."));
        return switch (json) {
            case PropertyBindingException unknown -> {
                var known = new ArrayList<String>();
                if (unknown.getKnownPropertyIds() != null) unknown.getKnownPropertyIds().forEach(id -> known.add(String.valueOf(id)));
                yield problem.at(pointer, MALFORMED, "is not a known field", known);
            }
            case InvalidFormatException format when format.getTargetType() != null && format.getTargetType().isEnum() ->
                    problem.at(pointer, MALFORMED, "is not one of the possible values", List.of(format.getTargetType().getEnumConstants()));
            case MismatchedInputException mismatch -> problem.at(pointer, MALFORMED, "must be " + wanted(mismatch));
            default -> {
                var place = json.getLocation();
                yield problem.at(pointer, MALFORMED, "is not JSON" + (place == null ? "" : " (line " + place.getLineNr() + ", column " + place.getColumnNr() + ")"));
            }
        };
    }

    private static String wanted(MismatchedInputException mismatch) {
        var type = mismatch.getTargetType();
        if (type == null) return "of another type";
        if (type == String.class) return "text without NUL or half a surrogate pair";
        if (type == java.math.BigDecimal.class) return "a decimal as a string, such as \"12.50\", of at most 18 digits before and 9 after the point";
        if (type == int.class || type == Integer.class || type == long.class || type == Long.class) return "a whole number";
        if (type == boolean.class || type == Boolean.class) return "true or false";
        if (type == java.time.LocalDate.class) return "a date such as 2026-04-01";
        if (type == java.time.Instant.class) return "an instant such as 2026-04-01T09:30:00Z";
        if (type == java.util.UUID.class) return "a UUID";
        if (java.util.Collection.class.isAssignableFrom(type)) return "an array";
        return "an object that has all its fields";
    }

    @ExceptionHandler(MethodArgumentTypeMismatchException.class)
    ResponseEntity<Object> mismatch(MethodArgumentTypeMismatchException mismatch) {
        var type = mismatch.getRequiredType();
        return Problem.of(MALFORMED, mismatch.getName() + " has not the right form.")
                .at("?" + mismatch.getName(), MALFORMED, "must be a " + (type == null ? "different value" : type.getSimpleName())).response();
    }

    @ExceptionHandler(MissingServletRequestParameterException.class)
    ResponseEntity<Object> missing(MissingServletRequestParameterException missing) {
        return Problem.of(MALFORMED, missing.getParameterName() + " is missing.").at("?" + missing.getParameterName(), MALFORMED, "is missing").response();
    }

    @ExceptionHandler(MissingRequestHeaderException.class)
    ResponseEntity<Object> missing(MissingRequestHeaderException missing) {
        return Problem.of(MALFORMED, "The header " + missing.getHeaderName() + " is missing.").at("#" + missing.getHeaderName(), MALFORMED, "is missing").response();
    }

    @ExceptionHandler(HttpRequestMethodNotSupportedException.class)
    ResponseEntity<Object> method(HttpRequestMethodNotSupportedException refused) {
        var allowed = refused.getSupportedHttpMethods();
        var answer = Problem.of(METHOD_NOT_ALLOWED).with("accepted", allowed == null ? List.of() : allowed.stream().map(Object::toString).sorted().toList()).response();
        if (allowed == null || allowed.isEmpty()) return answer;
        return ResponseEntity.status(answer.getStatusCode()).headers(headers -> headers.setAllow(allowed)).contentType(MediaType.APPLICATION_PROBLEM_JSON).body(answer.getBody());
    }

    @ExceptionHandler(HttpMediaTypeNotSupportedException.class)
    ResponseEntity<Object> mediaType(HttpMediaTypeNotSupportedException refused) {
        return Problem.of(MEDIA_TYPE).with("accepted", refused.getSupportedMediaTypes().stream().map(MediaType::toString).sorted().toList()).response();
    }

    @ExceptionHandler(HttpMediaTypeNotAcceptableException.class)
    ResponseEntity<Object> notAcceptable(HttpMediaTypeNotAcceptableException refused) {
        return Problem.of(NOT_ACCEPTABLE).with("accepted", refused.getSupportedMediaTypes().stream().map(MediaType::toString).sorted().toList()).response();
    }

    @ExceptionHandler(MaxUploadSizeExceededException.class)
    ResponseEntity<Object> tooLarge(MaxUploadSizeExceededException refused) {
        return Problem.of(TOO_LARGE).with("accepted", Math.max(0, refused.getMaxUploadSize())).response();
    }

    @ExceptionHandler(NoResourceFoundException.class)
    ResponseEntity<Object> nothing(NoResourceFoundException nothing) {
        return Problem.of(NOT_FOUND, "There is nothing at this address.").response();
    }

    /// An address or parameter that the firewall or the container could not make text of.
    @ExceptionHandler({RequestRejectedException.class, InvalidParameterException.class})
    ResponseEntity<Object> unreadableAddress(RuntimeException unreadable) {
        return Problem.of(MALFORMED, "The address or a parameter holds what is no readable text.").at("?", MALFORMED, "is not readable text").response();
    }

    /// The last line: a duplicate or an impossible value that a module let through to the database's constraints.
    @ExceptionHandler(DataIntegrityViolationException.class)
    ResponseEntity<Object> constraint(DataIntegrityViolationException violation) {
        var sql = sqlCause(violation);
        var text = sql == null || sql.getMessage() == null ? "" : sql.getMessage().lines().findFirst().orElse("");
        LOG.warn("A database constraint refused what no module had checked: {}", text);
        if (violation instanceof DuplicateKeyException) return Problem.of(DUPLICATE, "Something with the same key exists.").response();
        return Problem.of(INVALID, "A value does not fit what is stored.").response();
    }

    @ExceptionHandler(PessimisticLockingFailureException.class)
    ResponseEntity<Object> busy(PessimisticLockingFailureException busy) {
        LOG.warn("Gave up on a lock", busy);
        return later(Problem.of(BUSY));
    }

    @ExceptionHandler({DataAccessResourceFailureException.class, CannotCreateTransactionException.class})
    ResponseEntity<Object> away(Exception away) {
        LOG.warn("The database cannot be reached: {}", away.getMessage());
        return later(Problem.of(UNAVAILABLE));
    }

    /// The client went away while it was answered: there is nobody to tell.
    @ExceptionHandler(AsyncRequestNotUsableException.class)
    void gone() {}

    @ExceptionHandler({AccessDeniedException.class, AuthenticationException.class})
    void security(RuntimeException refusal) {
        throw refusal;
    }

    @ExceptionHandler(Exception.class)
    @Nullable ResponseEntity<Object> other(Exception failure, HttpServletResponse response) {
        if (failure instanceof ErrorResponse known && known.getStatusCode().is4xxClientError()) {
            return ofStatus(known.getStatusCode().value()).response();
        }
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ProblemException refusal) return response.isCommitted() ? null : refusal.problem().response();
        }
        if (isDatabaseAway(failure)) return away(failure);
        var id = faultId();
        LOG.error("Fault {}", id, failure);
        if (response.isCommitted()) return null;
        return Problem.of(FAULT, "Something went wrong in Offtake. The log has it as " + id + ".").with("fault", id).response();
    }

    static String faultId() {
        return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    }

    /// A problem for a status that was decided outside of the controllers.
    static Problem ofStatus(int status) {
        return switch (status) {
            case 401 -> Problem.of(io.offtake.platform.ProblemCode.SIGNED_OUT);
            case 403 -> Problem.of(io.offtake.platform.ProblemCode.FORBIDDEN);
            case 404 -> Problem.of(NOT_FOUND, "There is nothing at this address.");
            case 405 -> Problem.of(METHOD_NOT_ALLOWED);
            case 406 -> Problem.of(NOT_ACCEPTABLE);
            case 413 -> Problem.of(TOO_LARGE);
            case 415 -> Problem.of(MEDIA_TYPE);
            case 503 -> Problem.of(UNAVAILABLE);
            default -> status < 500 ? Problem.of(MALFORMED, "The request cannot be read.") : Problem.of(FAULT);
        };
    }

    private static ResponseEntity<Object> later(Problem problem) {
        return ResponseEntity.status(problem.code().status()).header(HttpHeaders.RETRY_AFTER, RETRY_SECONDS)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON).body(problem);
    }

    private static boolean isDatabaseAway(Throwable failure) {
        var sql = sqlCause(failure);
        var state = sql == null ? null : sql.getSQLState();
        return state != null && (state.startsWith("08") || state.startsWith("57P"));
    }

    private static @Nullable SQLException sqlCause(Throwable failure) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) return sql;
        }
        return null;
    }

    /// `lines[0].qty` as `/lines/0/qty`.
    static String pointer(String path) {
        if (path.isEmpty()) return "";
        return "/" + path.replace("[", ".").replace("]", "").replace("~", "~0").replace("/", "~1").replace('.', '/');
    }

    private static String text(@Nullable String message) {
        return message == null ? "is not acceptable" : message;
    }

    private static Problem sorted(Problem problem) {
        var errors = problem.errors().stream().sorted(java.util.Comparator.comparing(Problem.Fault::pointer).thenComparing(Problem.Fault::detail)).toList();
        var detail = errors.size() == 1 ? errors.getFirst().pointer() + " " + errors.getFirst().detail() + "." : errors.size() + " fields are not acceptable.";
        return new Problem(problem.code(), detail, problem.rule(), errors, problem.more());
    }
}
