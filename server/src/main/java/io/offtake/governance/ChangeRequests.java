package io.offtake.governance;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.platform.IfMatch;
import io.offtake.platform.ListQuery;
import io.offtake.platform.Page;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The one way by which people change what decides money (DESIGN section 10): draft, checks, simulation on past bills,
/// approval by somebody else bound to the content's hash, in force from a date, superseded, never edited. Every step stands
/// in the request's history and in the audit chain.
public interface ChangeRequests {
    /// Writing a form of the master; other actions are a module's [ChangeSteps].
    String PUT = "PUT";

    enum Status { DRAFT, SUBMITTED, APPROVED, IN_FORCE, SUPERSEDED, REJECTED, WITHDRAWN }

    enum Origin { USER, IMPORT, BUNDLE, ROLLBACK, TEMPLATE }

    /// @param targetId of the row to change; null for a new one
    record Proposal(@Nullable String targetId, @Schema(type = "object") JsonNode content) {}

    /// What a change request is about.
    ///
    /// @param id            made by the caller, so that a repeat is harmless
    /// @param distributorId of a distributor's masters; null: the caller's only one
    /// @param effectiveFrom for kinds whose form has no first day
    record NewChange(@Nullable UUID id, String kind, @Nullable Long distributorId, @Nullable String title, @Nullable String reason, @Nullable LocalDate effectiveFrom,
                     List<Proposal> items, Origin origin, @Nullable String originRef, @Nullable Long templateId) {
        public NewChange {
            items = List.copyOf(items);
        }
    }

    /// @param path  JSON pointer into the content
    /// @param title of the field, as the file's heading
    record Diff(String path, String field, String title, @Nullable String before, @Nullable String after) {}

    record Item(int item, @Nullable String targetId, String key, @Nullable Integer baseVersion, @Schema(type = "object") JsonNode content, @Schema(type = "object") @Nullable JsonNode before,
                List<Diff> diff) {}

    /// @param item the item it is about, 0 for the whole request
    record Found(String code, String rule, Finding.Severity severity, int item, String field, String wrong, String right, boolean acknowledged) {}

    /// @param current whether it was run on the present content
    record SimulationNote(String status, int days, String contentHash, boolean current) {}

    /// What the caller may do now; `whyNot` says in a sentence why not to decide, where that is asked for.
    record May(boolean edit, boolean submit, boolean approve, boolean reject, boolean withdraw, boolean simulate, boolean review, boolean rollback, @Nullable String whyNot) {}

    enum Live { SCHEDULED, LIVE, ENDED }

    /// A request as lists show it.
    record Row(UUID id, int revision, String kind, String action, String title, Status status, @Nullable Live live, Origin origin, @Nullable String originRef, boolean emergency,
               boolean bootstrap, @Nullable Instant reviewDue, @Nullable String reviewedBy, @Nullable String reviewOutcome, @Nullable Long distributorId, @Nullable LocalDate effectiveFrom,
               @Nullable String reason, String contentHash, int itemCount, int errors, int warnings, String createdBy, Instant createdAt, String changedBy, @Nullable String submittedBy,
               @Nullable Instant submittedAt, @Nullable Instant dueAt, @Nullable String decidedBy, @Nullable String onBehalfOf, @Nullable Instant decidedAt,
               @Nullable String decisionReason, @Nullable Instant inForceAt, @Nullable UUID supersededBy) {}

    /// @param items the first 200
    record Detail(@JsonUnwrapped Row request, List<Item> items, List<Found> findings, @Nullable SimulationNote simulation, May may) {}

    record Event(int seq, Instant at, String actor, String action, @Nullable String text, @Schema(type = "object") JsonNode details) {}

    /// Who may do what with a kind.
    record Duties(String kind, Set<String> proposes, Set<String> approves, boolean mayPropose, boolean mayApprove) {}

    boolean governs(Master<?> master);

    Page<Row> list(Caller caller, ListQuery query, boolean waiting, boolean mine);

    /// @throws io.offtake.platform.ProblemException NOT_FOUND outside of the caller's scope
    Detail get(Caller caller, UUID id);

    Page<Item> items(Caller caller, UUID id, int after);

    List<Event> history(Caller caller, UUID id);

    List<Duties> duties(Caller caller);

    /// Opens a draft; faults of the content become findings. The same content by the same person again answers the same
    /// request.
    Detail propose(Caller caller, NewChange change);

    /// Replaces the content of a draft, or of a submitted request, which becomes a draft again.
    Detail revise(Caller caller, UUID id, IfMatch revision, @Nullable String title, @Nullable String reason, @Nullable LocalDate effectiveFrom, List<Proposal> items);

    /// Runs the checks again.
    Detail check(Caller caller, UUID id);

    /// @param acknowledged codes of the warnings that the maker has seen
    /// @throws io.offtake.platform.ProblemException CHECKS_FAILED
    Detail submit(Caller caller, UUID id, IfMatch revision, @Nullable String reason, List<String> acknowledged);

    /// Approves and puts into force, or lets it wait for its day.
    ///
    /// @param contentHash what the approver has read
    /// @throws io.offtake.platform.ProblemException SAME_PERSON (SOD-1), CONTENT_CHANGED, CHECKS_FAILED, ILLEGAL_STATE
    Detail approve(Caller caller, UUID id, @Nullable String contentHash, @Nullable String reason, List<String> acknowledged);

    Detail reject(Caller caller, UUID id, @Nullable String reason);

    Detail withdraw(Caller caller, UUID id, @Nullable String reason);

    Detail comment(Caller caller, UUID id, @Nullable String text);

    /// A new draft with what was in force before this request.
    Detail rollback(Caller caller, UUID id, @Nullable LocalDate effectiveFrom, @Nullable String reason);

    /// The later review of an emergency stop (GV-04), by another person.
    Detail review(Caller caller, UUID id, String outcome, @Nullable String reason);

    /// A step of a module's [ChangeSteps] on one row, submitted at once.
    ///
    /// @param owner          whose row it is, 0 for the network's
    /// @param acknowledgeAll the maker has given a reason that covers the warnings
    Detail step(Caller caller, Permission needed, String kind, String action, String targetId, String key, JsonNode content, @Nullable JsonNode before, long owner, Set<Long> distributors,
                Set<Long> principals, @Nullable LocalDate effectiveFrom, String reason, boolean acknowledgeAll);

    /// Puts a step into force at once, to be reviewed within 48 hours (GV-04): for stops only, never for what gives money.
    Detail emergency(Caller caller, Permission needed, String kind, String action, String targetId, String key, JsonNode content, Set<Long> distributors, Set<Long> principals, String reason);

    /// Lets past bills be decided again with the change, in a job.
    /// @param distributors null: all in the caller's scope
    /// @return the job's id
    UUID simulate(Caller caller, UUID id, @Nullable Integer days, @Nullable Set<Long> distributors);

    /// The last simulation and how far it is.
    Simulation simulation(Caller caller, UUID id);

    /// @param current whether it was run on the present content
    record Simulation(String status, @Nullable UUID jobId, int days, LocalDate from, LocalDate to, String contentHash, boolean current, long done, @Nullable Long total,
                      @Nullable String message, PastBills.@Nullable Result result) {}
}
