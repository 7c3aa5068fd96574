package io.offtake.sync.app;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.platform.Evidence;
import io.offtake.platform.ListQuery;
import io.offtake.platform.Page;
import io.offtake.platform.RowScope;
import io.offtake.platform.TenantTransaction;
import io.offtake.sync.store.DraftStore;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Documents that are not ready to be posted: kept on the server as well, so that a broken device loses none (OFF-01). The last writer
/// counts for the content; evidence is the union (OFF-13).
@Service
public class Drafts {
    private final TenantTransaction transactions;
    private final Evidence evidence;
    private final JsonMapper json;
    private final Clock clock;

    Drafts(TenantTransaction transactions, Evidence evidence, JsonMapper json, Clock clock) {
        this.transactions = transactions;
        this.evidence = evidence;
        this.json = json;
        this.clock = clock;
    }

    /// @param evidence hashes of pictures and papers, which may follow later
    /// @param content  as the document's own screen understands it
    public record Draft(@NotBlank @Pattern(regexp = "[A-Z_]{3,30}") String documentType, @NotBlank @Size(max = 200) String summary,
                        @Nullable @Size(max = 50) List<@NotNull @Pattern(regexp = "[0-9a-f]{64}") String> evidence, @NotNull JsonNode content) {}

    /// @param missing hashes of evidence that has not arrived
    public record DraftState(UUID id, String documentType, String summary, Set<String> missing) {}

    Commands.Answer take(Caller caller, UUID deviceId, long distributorId, UUID id, Draft draft) {
        caller.require(Permission.SYNC, distributorId);
        var hashes = new HashSet<>(draft.evidence == null ? List.of() : draft.evidence);
        transactions.idempotent().write(distributorId, db -> {
            DraftStore.put(db, distributorId, id, deviceId, draft.documentType, draft.summary, json.writeValueAsString(draft.content), hashes, caller.username(), clock.instant());
            return null;
        });
        return Commands.Answer.of(id, "ACCEPTED", false, new DraftState(id, draft.documentType, draft.summary, evidence.missing(RowScope.of(distributorId), hashes)), null);
    }

    public Page<DraftStore.DraftView> list(Caller caller, ListQuery query) {
        return transactions.read(caller.scope(), db -> DraftStore.page(db, caller.scope(), query));
    }
}
