package io.offtake.platform.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;

import io.offtake.platform.IfMatch;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.offtake.platform.ProblemException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What goes wrong below a controller, and what its caller is told.
@Tag("INT-06")
class ProblemHandlerTest {
    @RestController
    static class Failing {
        private final Supplier<? extends Throwable> failure;

        Failing(Supplier<? extends Throwable> failure) {
            this.failure = failure;
        }

        @GetMapping("/it")
        String it() throws Throwable {
            throw failure.get();
        }
    }

    private static MockHttpServletResponse answer(Supplier<? extends Throwable> failure) throws Exception {
        return MockMvcBuilders.standaloneSetup(new Failing(failure)).setControllerAdvice(new ProblemHandler()).build().perform(get("/it")).andReturn().getResponse();
    }

    private static JsonNode json(MockHttpServletResponse answer) throws IOException {
        return JsonMapper.builder().build().readTree(answer.getContentAsString());
    }

    @Test
    void aDatabaseThatIsAwayIs503AndAsksToComeBack() throws Exception {
        for (var away : List.<Supplier<Throwable>>of(() -> new DataAccessResourceFailureException("secret host"),
                () -> new org.springframework.transaction.CannotCreateTransactionException("secret host"),
                () -> new IllegalStateException(new SQLException("secret host", "08006")), () -> new IllegalStateException(new SQLException("secret host", "57P01")))) {
            var answer = answer(away);
            assertThat(answer.getStatus()).isEqualTo(503);
            assertThat(answer.getHeader("Retry-After")).isEqualTo("2");
            assertThat(json(answer).path("code").asString()).isEqualTo("UNAVAILABLE");
            assertThat(answer.getContentAsString()).doesNotContain("secret");
        }
        assertThat(json(answer(() -> new CannotAcquireLockException("deadlock"))).path("code").asString()).isEqualTo("BUSY");
    }

    @Test
    void aFaultTellsAnIdAndNothingElse() throws Exception {
        var answer = answer(() -> new IllegalStateException("password=hunter2 in /etc/secret"));
        assertThat(answer.getStatus()).isEqualTo(500);
        assertThat(answer.getContentType()).startsWith("application/problem+json");
        assertThat(json(answer).path("fault").asString()).matches("[0-9a-f]{8}");
        assertThat(answer.getContentAsString()).doesNotContain("hunter2").doesNotContain("IllegalState");
    }

    @Test
    void constraintsOfTheDatabaseAreRefusalsNotFaults() throws Exception {
        assertThat(json(answer(() -> new DuplicateKeyException("sku_code"))).path("code").asString()).isEqualTo("DUPLICATE");
        var answer = answer(() -> new DataIntegrityViolationException("value too long for sku.name"));
        assertThat(answer.getStatus()).isEqualTo(422);
        assertThat(answer.getContentAsString()).doesNotContain("sku.name");
    }

    @Test
    void aProblemKeepsTheOrderOfRfc9457AndItsOwnMembers() throws Exception {
        var answer = answer(() -> Problem.of(ProblemCode.STOCK_SHORT, "S1: 4 of 12 pieces.").rule("STK-08").at("/lines/0/qty", ProblemCode.STOCK_SHORT, "only 4", "4")
                .with("gaps", List.of("S1")).with("status", "may not be overwritten").exception());
        assertThat(answer.getStatus()).isEqualTo(409);
        var json = json(answer);
        assertThat(List.copyOf(json.propertyNames())).containsExactly("type", "title", "status", "detail", "code", "rule", "errors", "gaps");
        assertThat(json.path("type").asString()).isEqualTo("urn:offtake:problem:STOCK_SHORT");
        assertThat(json.path("status").asInt()).isEqualTo(409);
        assertThat(json.path("errors").path(0).path("accepted").asString()).isEqualTo("4");
    }

    @Test
    void everyCodeSaysWhatItMeans() {
        assertThat(Arrays.stream(ProblemCode.values())).allSatisfy(code -> {
            assertThat(code.status()).isBetween(400, 503);
            assertThat(code.title()).isNotBlank().doesNotEndWith(".");
            assertThat(code.text()).endsWith(".");
        });
    }

    @Test
    void ifMatchReadsETagsOnly() {
        assertThat(IfMatch.parse("\"7\"").version()).isEqualTo(7);
        assertThat(IfMatch.parse("W/\"7\"").version()).isEqualTo(7);
        for (var bad : Arrays.asList(null, "", "7", "*", "\"x\"", "\"1\", \"2\"")) {
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> IfMatch.parse(bad)).isInstanceOf(ProblemException.class);
        }
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> new IfMatch(7).check(8)).isInstanceOfSatisfying(ProblemException.class,
                refusal -> assertThat(refusal.problem().more()).containsEntry("currentVersion", 8L));
    }
}
