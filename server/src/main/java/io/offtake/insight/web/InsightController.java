package io.offtake.insight.web;

import static io.offtake.platform.ProblemCode.QUESTION_INVALID;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.insight.Answer;
import io.offtake.insight.Asker;
import io.offtake.insight.Catalogue;
import io.offtake.insight.Insight;
import io.offtake.insight.Question;
import io.offtake.platform.Problem;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.time.Clock;
import java.util.List;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Questions, the catalogue they are made of, and answers as files.
@RestController
class InsightController {
    private static final String CSV = "text/csv";
    private static final String XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    /// A file beyond this is a job of its own (UX section 7).
    static final int EXPORT_MAX = 50_000;

    private final Insight insight;
    private final Clock clock;

    InsightController(Insight insight, Clock clock) {
        this.insight = insight;
        this.clock = clock;
    }

    @GetMapping("/api/v1/insight/catalogue")
    Catalogue catalogue(Caller caller) {
        caller.require(Permission.INSIGHT_READ);
        return insight.catalogue();
    }

    @PostMapping("/api/v1/insight/query")
    Answer query(Caller caller, @RequestBody Question question) {
        caller.require(Permission.INSIGHT_READ);
        return insight.ask(asker(caller), question);
    }

    /// The whole answer of the question, whatever its limit says, as a file.
    @PostMapping("/api/v1/insight/export")
    @ApiResponse(responseCode = "200", description = "The file", content = {
            @Content(mediaType = CSV, schema = @Schema(type = "string", format = "binary", description = "UTF-8 with byte order mark, raw numbers")),
            @Content(mediaType = XLSX, schema = @Schema(type = "string", format = "binary", description = "Workbook with the answer and a sheet about it"))})
    ResponseEntity<byte[]> export(Caller caller, @RequestParam(defaultValue = "csv") String format, @RequestBody Question question) {
        caller.require(Permission.INSIGHT_READ);
        if (!format.equals("csv") && !format.equals("xlsx")) {
            throw Problem.of(QUESTION_INVALID, "There is no export as " + format + ".").at("?format", QUESTION_INVALID, "is not a format", List.of("csv", "xlsx")).exception();
        }
        var whole = question.page(EXPORT_MAX, null);
        var answer = insight.ask(asker(caller), whole, EXPORT_MAX);
        if (answer.next() != null) {
            throw Problem.of(QUESTION_INVALID, "The answer has " + answer.count() + " rows; a file holds at most " + EXPORT_MAX + ".")
                    .at("/filters", QUESTION_INVALID, "leaves too many rows", "at most " + EXPORT_MAX + " rows").exception();
        }
        var file = new AnswerFile(whole, answer, caller.name(), clock.instant());
        boolean csv = format.equals("csv");
        return ResponseEntity.ok().contentType(MediaType.parseMediaType(csv ? CSV + ";charset=UTF-8" : XLSX))
                .header(HttpHeaders.CONTENT_DISPOSITION, ContentDisposition.attachment().filename(file.name() + "." + format).build().toString())
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .body(csv ? file.csv() : file.xlsx());
    }

    private static Asker asker(Caller caller) {
        return new Asker(caller.name(), caller.scope().distributors(), caller.scope().principals());
    }
}
