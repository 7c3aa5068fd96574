package io.offtake.exchange.web;

import io.offtake.access.Caller;
import io.offtake.exchange.federation.DataHealth;
import io.offtake.exchange.federation.FeedDesk;
import io.offtake.exchange.federation.FeedViews.Answer;
import io.offtake.exchange.federation.FeedViews.Batch;
import io.offtake.exchange.federation.FeedViews.CodeMap;
import io.offtake.exchange.federation.FeedViews.HealthDetail;
import io.offtake.exchange.federation.FeedViews.Rerun;
import io.offtake.exchange.federation.FeedViews.Source;
import io.offtake.exchange.federation.FeedViews.Waiting;
import io.offtake.exchange.federation.Feeds;
import io.offtake.platform.ListQuery;
import io.offtake.platform.Page;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.IOException;
import java.net.URI;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Facts of other systems (domain 11): batches in, their answers, the work queue, and how good the data are.
@RestController
@RequestMapping("/api/v1")
@Tag(name = "feeds")
class FederationController {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /// @param kind       OUTLET or SKU
    /// @param targetCode of the outlet or SKU here
    record NewCodeMap(long distributorId, String sourceSystem, String kind, String externalId, String targetCode, @Nullable String principal) {}

    record NewCodeMaps(long distributorId, String sourceSystem, List<FeedDesk.Meaning> maps) {}

    record RerunOf(long distributorId) {}

    /// @param cutOff local time on the next day, `08:00` if absent
    record Agreement(long distributorId, String sourceSystem, @Nullable String name, @Nullable List<String> recordTypes, @Nullable String cutOff, @Nullable String level, @Nullable LocalDate activeFrom) {}

    private final Feeds feeds;
    private final FeedDesk desk;
    private final DataHealth health;

    FederationController(Feeds feeds, FeedDesk desk, DataHealth health) {
        this.feeds = feeds;
        this.desk = desk;
        this.health = health;
    }

    /// The envelope of the data contract (11.1) as the OpenAPI document shows it; it is read and checked clause by clause.
    @SuppressWarnings("unused") // a description
    record BatchBody(@Schema(name = "contract_version") String contractVersion, @Schema(name = "source_system") String sourceSystem, @Schema(name = "distributor_id") String distributorId,
                     @Schema(name = "batch_id") UUID batchId, @Schema(name = "record_type", allowableValues = {"FC-1", "FC-2", "FC-4", "FC-6", "FC-8"}) String recordType, Period period,
                     @Schema(name = "record_count") int recordCount, @Schema(name = "control_totals") Map<String, String> controlTotals, @Schema(name = "generated_at") String generatedAt,
                     @Schema(allowableValues = {"full", "delta"}) String mode, List<Map<String, Object>> records) {
        record Period(String from, String to) {}
    }

    @PostMapping("/feeds/batches")
    @Operation(summary = "Send a batch", operationId = "sendFeedBatch", description = "The envelope of the data contract with its `records`. 201 with the answer to each record; 200 if the same batch was sent before.")
    ResponseEntity<Answer> send(Caller caller, @RequestBody @Schema(implementation = BatchBody.class) JsonNode body) {
        var records = new ArrayList<JsonNode>();
        if (!body.path("records").isArray()) {
            throw Problem.of(ProblemCode.FEED_INVALID, "The batch has no records.").rule("FC-ENV.records").at(new Problem.Fault("/records", "FC-ENV.records", "is no list", "a list of records, which may be empty")).exception();
        }
        body.path("records").forEach(records::add);
        return answered(feeds.receive(caller, body, records, Feeds.Channel.API, null));
    }

    @PostMapping(path = "/feeds/files", consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
    @Operation(summary = "Send a file", operationId = "sendFeedFile", description = "`file`: CSV (UTF-8) or JSON Lines, plain or gzip; `manifest`: the envelope as JSON, with `sha256` of the file as sent.")
    ResponseEntity<Answer> file(Caller caller, @RequestParam("file") MultipartFile file, @RequestParam("manifest") String manifest) throws IOException {
        JsonNode read;
        try {
            read = JSON.readTree(manifest);
        } catch (JacksonException broken) {
            throw Problem.of(ProblemCode.FEED_INVALID, "The manifest is no JSON.").rule("FC-FILE.manifest").at(new Problem.Fault("/manifest", "FC-FILE.manifest", broken.getOriginalMessage(), "the envelope as a JSON object")).exception();
        }
        return answered(feeds.receive(caller, read, file.getOriginalFilename() == null ? "" : file.getOriginalFilename(), file.getBytes()));
    }

    private static ResponseEntity<Answer> answered(Feeds.Received received) {
        var id = received.answer().batch().id();
        return ResponseEntity.status(received.replay() ? HttpStatus.OK : HttpStatus.CREATED).location(URI.create("/api/v1/feeds/batches/" + id)).body(received.answer());
    }

    @GetMapping("/feeds/batches")
    @Operation(summary = "Batches", operationId = "listFeedBatches", description = "The latest first. Filters: distributorId, state, recordType, sourceSystem.")
    Page<Batch> batches(Caller caller, ListQuery query) {
        return feeds.list(caller, query);
    }

    @GetMapping("/feeds/batches/{id}")
    @Operation(summary = "One batch", operationId = "readFeedBatch", description = "With the answer that was given to each record.")
    Answer batch(Caller caller, @PathVariable UUID id) {
        return feeds.get(caller, id);
    }

    @PostMapping("/feeds/batches/{id}/sign-off")
    @Operation(summary = "Sign a restatement off", operationId = "signOffFeedBatch", description = "Lets a batch in that changes more than 1 % of a closed month. Not by who sent it.")
    Rerun signOff(Caller caller, @PathVariable UUID id) {
        return feeds.signOff(caller, id);
    }

    @GetMapping("/feeds/quarantine")
    @Operation(summary = "Codes that wait", operationId = "listFeedQuarantine", description = "One entry per code that stands for nothing here yet, the greatest value first.")
    Page<Waiting> quarantine(Caller caller, ListQuery query) {
        return desk.waiting(caller, query);
    }

    @GetMapping("/feeds/code-maps")
    @Operation(summary = "What codes stand for", operationId = "listCodeMaps")
    Page<CodeMap> maps(Caller caller, ListQuery query) {
        return desk.maps(caller, query);
    }

    @PostMapping("/feeds/code-maps")
    @Operation(summary = "Map a code", operationId = "mapCode", description = "Says what a code stands for, and runs what waited for it again.")
    Rerun map(Caller caller, @RequestBody NewCodeMap map) {
        return desk.map(caller, map.distributorId(), map.sourceSystem(), List.of(new FeedDesk.Meaning(map.kind(), map.externalId(), map.targetCode(), map.principal())));
    }

    @PostMapping("/feeds/code-maps/bulk")
    @Operation(summary = "Map many codes", operationId = "mapCodes", description = "All or none.")
    Rerun mapMany(Caller caller, @RequestBody NewCodeMaps maps) {
        return desk.map(caller, maps.distributorId(), maps.sourceSystem(), maps.maps() == null ? List.of() : maps.maps());
    }

    @PostMapping("/feeds/re-run")
    @Operation(summary = "Run the work queue again", operationId = "rerunFeedQuarantine")
    Rerun rerun(Caller caller, @RequestBody RerunOf of) {
        return desk.rerun(caller, of.distributorId());
    }

    @GetMapping("/feeds/sources")
    @Operation(summary = "Systems that distributors keep", operationId = "listFeedSources")
    Page<Source> sources(Caller caller) {
        return desk.sources(caller);
    }

    @PutMapping("/feeds/sources")
    @Operation(summary = "Agree on a source", operationId = "agreeFeedSource", description = "Says which system a distributor keeps, what it sends and by when.")
    Source agree(Caller caller, @RequestBody Agreement agreed) {
        return desk.agree(caller, agreed.distributorId(), agreed.sourceSystem(), agreed.name(), agreed.recordTypes() == null ? List.of() : agreed.recordTypes(), agreed.cutOff(), agreed.level(), agreed.activeFrom());
    }

    @GetMapping("/data-health")
    @Operation(summary = "Data health", operationId = "listDataHealth", description = "Freshness, lateness and quality by distributor.")
    DataHealth.All health(Caller caller) {
        return health.all(caller);
    }

    @GetMapping("/data-health/{distributorId}")
    @Operation(summary = "Data health of one distributor", operationId = "readDataHealth", description = "With the last 30 days, every check, the last batches and the scores of six months.")
    HealthDetail healthOf(Caller caller, @PathVariable long distributorId) {
        return health.one(caller, distributorId);
    }
}
