package io.offtake.governance.app;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.governance.AuditChain;
import io.offtake.governance.AuditTrail;
import io.offtake.governance.BundlePart;
import io.offtake.governance.Canonical;
import io.offtake.governance.ChangeBundles;
import io.offtake.governance.Texts;
import io.offtake.platform.Page;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.offtake.platform.ProblemException;
import io.offtake.platform.TenantTransaction;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Signed bundles of the network's configuration, for promotion from sandbox over UAT to production (GV-04). What comes in
/// is proposed, never applied: it goes through checks and approval like everything else.
///
/// The signature (Ed25519) is over the canonical text of the bundle without its `signature` ([Canonical#text]).
@Component
public class Bundles {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String FORMAT = "offtake-config-1";
    private static final int ITEMS_MAX = 20_000;

    /// @param publicKey   Ed25519, X.509 in Base64
    /// @param own         this installation's
    public record Key(String fingerprint, String name, String publicKey, boolean own, @Nullable String addedBy, @Nullable Instant addedAt, @Nullable Instant revokedAt) {}

    public record NewKey(@Nullable String name, @Nullable String publicKey) {}

    public record Refused(String kind, String key, String code, String detail) {}

    /// @param same    items that are in force here already
    /// @param refused items that cannot even be proposed here, and why
    public record Imported(List<UUID> changeRequests, int proposed, int same, List<Refused> refused) {}

    private final TenantTransaction transactions;
    private final ChangeBundles forms;
    private final List<BundlePart> parts;
    private final BundleKeys keys;
    private final AuditChain chain;
    private final Clock clock;
    private final String environment;

    Bundles(TenantTransaction transactions, ChangeBundles forms, List<BundlePart> parts, BundleKeys keys, AuditChain chain, Clock clock, @Value("${offtake.environment:production}") String environment) {
        this.transactions = transactions;
        this.forms = forms;
        this.parts = List.copyOf(parts);
        this.keys = keys;
        this.chain = chain;
        this.clock = clock;
        this.environment = environment;
    }

    private Set<String> kinds() {
        var all = new java.util.TreeSet<>(forms.kinds());
        parts.forEach(part -> all.add(part.kind()));
        return all;
    }

    /// What is in force, signed by this installation.
    /// @param wanted null or empty: all kinds
    public ObjectNode export(Caller caller, @Nullable Set<String> wanted) {
        caller.require(Permission.BUNDLE_EXPORT);
        var kinds = wanted == null || wanted.isEmpty() ? kinds() : wanted.stream().map(String::valueOf).collect(Collectors.toSet());
        var unknown = new java.util.TreeSet<>(kinds);
        unknown.removeAll(kinds());
        if (!unknown.isEmpty()) throw Problem.of(ProblemCode.INVALID).at("/kinds", ProblemCode.INVALID, "unknown: " + String.join(", ", unknown), List.copyOf(kinds())).exception();
        var bundle = JSON.createObjectNode();
        bundle.put("format", FORMAT).put("environment", environment).put("exportedAt", clock.instant().toString()).put("exportedBy", caller.username());
        var items = bundle.putArray("items");
        for (var kind : new java.util.TreeSet<>(kinds)) {
            var own = parts.stream().filter(part -> part.kind().equals(kind)).findFirst().orElse(null);
            for (var part : own != null ? own.parts(caller) : forms.parts(caller, kind)) items.addObject().put("kind", kind).put("key", part.key()).set("content", part.content());
        }
        var key = keys.known();
        bundle.put("keyId", key.fingerprint()).put("publicKey", key.base64());
        bundle.put("signature", keys.sign(Canonical.text(bundle)));
        tell(caller, "BUNDLE_EXPORTED", Map.of("kinds", new java.util.TreeSet<>(kinds), "items", items.size(), "keyId", key.fingerprint(), "hash", Canonical.hash(bundle)));
        return bundle;
    }

    /// Verifies a bundle and proposes what differs from what is in force here.
    ///
    /// @param from first day of what would have begun already; null: tomorrow
    /// @throws ProblemException SIGNATURE_INVALID: `rule` BUNDLE-FORMAT, BUNDLE-KEY (nobody here trusts the key) or
    ///         BUNDLE-SIGNATURE (altered after it was signed)
    public Imported bringIn(Caller caller, JsonNode bundle, @Nullable LocalDate from) {
        caller.require(Permission.BUNDLE_IMPORT);
        verify(bundle);
        var today = LocalDate.now(clock);
        var first = from == null ? today.plusDays(1) : from;
        if (first.isBefore(today)) throw Problem.of(ProblemCode.INVALID).at("?from", ProblemCode.INVALID, first + " is in the past", today).exception();
        var origin = bundle.path("environment").asString("") + " " + bundle.path("exportedAt").asString("") + " " + bundle.path("keyId").asString("");
        var byKind = new TreeMap<String, List<BundlePart.Part>>();
        for (var item : bundle.path("items")) byKind.computeIfAbsent(item.path("kind").asString(""), _ -> new ArrayList<>()).add(new BundlePart.Part(item.path("key").asString(""), item.path("content")));
        var requests = new ArrayList<UUID>();
        var refused = new ArrayList<Refused>();
        int same = 0;
        int proposed = 0;
        for (var entry : byKind.entrySet()) {
            var own = parts.stream().filter(part -> part.kind().equals(entry.getKey())).findFirst().orElse(null);
            if (own == null && !forms.kinds().contains(entry.getKey())) {
                for (var part : entry.getValue()) refused.add(new Refused(entry.getKey(), part.key(), "INVALID", "This kind is not known here."));
            } else if (own == null) {
                try {
                    var made = forms.propose(caller, entry.getKey(), entry.getValue(), first, origin);
                    if (made.request() != null) requests.add(made.request());
                    proposed += made.proposed();
                    same += made.same();
                } catch (ProblemException refusal) {
                    refused.add(new Refused(entry.getKey(), "", refusal.problem().code().name(), refusal.problem().detail()));
                }
            } else {
                for (var part : entry.getValue()) {
                    try {
                        var made = own.propose(caller, part, first, origin);
                        if (made == null) {
                            same++;
                        } else {
                            requests.add(made);
                            proposed++;
                        }
                    } catch (ProblemException refusal) {
                        refused.add(new Refused(entry.getKey(), part.key(), refusal.problem().code().name(), refusal.problem().detail() + refusal.problem().errors().stream().map(Problem.Fault::detail).reduce("", (a, b) -> a + " " + b)));
                    }
                }
            }
        }
        tell(caller, "BUNDLE_IMPORTED", Map.of("origin", origin, "hash", Canonical.hash(bundle), "proposed", proposed, "same", same, "refused", refused.size()));
        return new Imported(List.copyOf(requests), proposed, same, List.copyOf(refused));
    }

    private void verify(JsonNode bundle) {
        if (!bundle.isObject() || !bundle.path("format").asString("").equals(FORMAT) || !bundle.path("items").isArray() || bundle.path("items").size() > ITEMS_MAX) {
            throw refused("BUNDLE-FORMAT", "This is no bundle of the form " + FORMAT + " with at most " + ITEMS_MAX + " items.");
        }
        BundleKeys.Public key;
        try {
            key = BundleKeys.read(bundle.path("publicKey").asString(""));
        } catch (IllegalArgumentException _) {
            throw refused("BUNDLE-KEY", "It names no Ed25519 key.");
        }
        if (!trusted().contains(key.fingerprint())) throw refused("BUNDLE-KEY", "Nobody here trusts the key " + key.fingerprint() + ". Let IT add it first.");
        var signed = ((ObjectNode) bundle).deepCopy();
        signed.remove("signature");
        if (!BundleKeys.holds(key, Canonical.text(signed), bundle.path("signature").asString(""))) throw refused("BUNDLE-SIGNATURE", "It was altered after it was signed.");
    }

    private static ProblemException refused(String rule, String detail) {
        return Problem.of(ProblemCode.SIGNATURE_INVALID, detail).rule(rule).exception();
    }

    private Set<String> trusted() {
        var all = new HashSet<String>(transactions.shared(db -> db.sql("select fingerprint from governance.bundle_key where revoked_at is null").query(String.class).list()));
        all.add(keys.known().fingerprint());
        return all;
    }

    /// The own key first.
    public Page<Key> keys(Caller caller) {
        caller.requireAny(Permission.BUNDLE_EXPORT, Permission.BUNDLE_IMPORT, Permission.BUNDLE_TRUST, Permission.AUDIT_READ);
        var own = keys.known();
        var all = new ArrayList<Key>();
        all.add(new Key(own.fingerprint(), environment, own.base64(), true, null, null, null));
        all.addAll(transactions.shared(db -> db.sql("select fingerprint, name, public_key, added_by, added_at, revoked_at from governance.bundle_key order by added_at")
                .query((row, _) -> new Key(row.getString(1), row.getString(2), row.getString(3), false, row.getString(4), row.getTimestamp(5).toInstant(), row.getTimestamp(6) == null ? null : row.getTimestamp(6).toInstant())).list()));
        return Page.all(all);
    }

    /// Trusts another installation's key; a repeat changes nothing.
    public Key trust(Caller caller, NewKey wanted) {
        caller.require(Permission.BUNDLE_TRUST);
        var name = Texts.orNull(wanted.name());
        if (name == null || name.length() > 100) throw Problem.of(ProblemCode.INVALID).at("/name", ProblemCode.INVALID, "1 to 100 characters, such as UAT").exception();
        BundleKeys.Public key;
        try {
            key = BundleKeys.read(Texts.of(wanted.publicKey()));
        } catch (IllegalArgumentException _) {
            throw Problem.of(ProblemCode.INVALID).at("/publicKey", ProblemCode.INVALID, "is no Ed25519 key", "X.509 in Base64, as the other installation shows it").exception();
        }
        transactions.shared(db -> db.sql("""
                        insert into governance.bundle_key (fingerprint, name, public_key, added_by, added_at) values (:fingerprint, :name, :key, :by, :at)
                            on conflict (fingerprint) do update set revoked_at = null, name = excluded.name""")
                .param("fingerprint", key.fingerprint()).param("name", name).param("key", key.base64()).param("by", caller.username()).param("at", clock.instant().atOffset(ZoneOffset.UTC)).update());
        tell(caller, "BUNDLE_KEY_TRUSTED", Map.of("fingerprint", key.fingerprint(), "name", name));
        return keys(caller).items().stream().filter(one -> one.fingerprint().equals(key.fingerprint())).findFirst().orElseThrow();
    }

    /// Trusts a key no longer.
    public Key revoke(Caller caller, String fingerprint) {
        caller.require(Permission.BUNDLE_TRUST);
        int ended = transactions.shared(db -> db.sql("update governance.bundle_key set revoked_at = coalesce(revoked_at, :at) where fingerprint = :fingerprint")
                .param("at", clock.instant().atOffset(ZoneOffset.UTC)).param("fingerprint", fingerprint).update());
        if (ended == 0) throw caller.notFound("key");
        tell(caller, "BUNDLE_KEY_REVOKED", Map.of("fingerprint", fingerprint));
        return keys(caller).items().stream().filter(one -> one.fingerprint().equals(fingerprint)).findFirst().orElseThrow();
    }

    private void tell(Caller caller, String action, Map<String, ?> details) {
        chain.append(AuditTrail.NETWORK, List.of(new AuditTrail.Entry(AuditTrail.NETWORK, clock.instant(), caller.username(), null, action, "config-bundles", null, null, JSON.writeValueAsString(details))));
    }
}
