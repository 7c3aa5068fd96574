package io.offtake.sync.app;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.governance.AuditChain;
import io.offtake.governance.AuditTrail;
import io.offtake.governance.Policies;
import io.offtake.governance.Signatures;
import io.offtake.platform.Documents;
import io.offtake.platform.Fingerprint;
import io.offtake.platform.Ids;
import io.offtake.platform.ListQuery;
import io.offtake.platform.Page;
import io.offtake.platform.Post;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.offtake.platform.TenantTransaction;
import io.offtake.sync.domain.Device;
import io.offtake.sync.domain.DeviceState;
import io.offtake.sync.domain.DeviceView;
import io.offtake.sync.domain.Heartbeat;
import io.offtake.sync.domain.Lease;
import io.offtake.sync.domain.OfflinePolicy;
import io.offtake.sync.store.DeviceStore;
import io.offtake.sync.store.LeaseStore;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Service;

/// Devices that work alone for days: who they are, what they may do, and which numbers are theirs (OFF-03, OFF-16).
@Service
public class Devices {
    /// The newest queue format that is read here; older ones are read for ever.
    public static final int SCHEMA = 2;
    /// Numbers that a lease holds ahead of the highest that has been given.
    private static final int AHEAD = 500;
    /// A device that sends nothing for long may not hold numbers without end.
    private static final int UNSENT_MAX = 5_000;
    private static final int WIDTH = 5;
    private static final int VOID_DAYS = 7;
    /// The letter of a document type in a leased series.
    private static final Map<String, String> LETTERS = Map.of("INVOICE", "A", "CREDIT_NOTE", "C", "COLLECTION", "R");

    private final TenantTransaction transactions;
    private final AuditChain audit;
    private final Signatures signatures;
    private final Policies policies;
    private final Ids ids;
    private final Clock clock;
    private final int backdateDays;
    private final SecureRandom random = new SecureRandom();

    Devices(TenantTransaction transactions, AuditChain audit, Signatures signatures, Policies policies, Ids ids, Clock clock, @Value("${offtake.billing.backdate-days:3}") int backdateDays) {
        this.transactions = transactions;
        this.audit = audit;
        this.signatures = signatures;
        this.policies = policies;
        this.ids = ids;
        this.clock = clock;
        this.backdateDays = backdateDays;
    }

    /// @param secret shown once; the device sends it in X-Device-Secret
    public record Registered(DeviceView device, String secret, SigningKey signingKey, Instant serverTime) {}

    public record SigningKey(String fingerprint, String algorithm, String publicKey) {}

    /// The key that signs snapshots.
    public SigningKey signingKey() {
        var signer = signatures.signer();
        return new SigningKey(signer.fingerprint(), "Ed25519", signer.publicKey());
    }

    /// Registers a device, or gives one that is registered a new secret.
    /// @throws io.offtake.platform.ProblemException ID_REUSED if the id is somebody else's, DEVICE_REVOKED if it may not come back
    public Registered register(Caller caller, long distributorId, UUID id, String name, String kind, @Nullable String publicKey, @Nullable String appVersion, int schemaVersion) {
        newerRefused(schemaVersion);
        var bytes = new byte[32];
        random.nextBytes(bytes);
        var secret = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        var now = clock.instant();
        var view = Post.retried(() -> transactions.idempotent().<DeviceView>write(distributorId, db -> {
            var known = DeviceStore.lock(db, distributorId, id).orElse(null);
            if (known == null) {
                // noted first: the audit chain's lock lets a distributor's new devices take their numbers one after the other
                note(caller, distributorId, id, "DEVICE_REGISTERED", Map.of("name", name, "kind", kind));
                DeviceStore.add(db, distributorId, id, name, kind, caller.userId(), caller.username(), sha256(secret), publicKey, appVersion, schemaVersion, now);
            } else {
                if (known.userId() != caller.userId())
                    throw Problem.of(ProblemCode.ID_REUSED, "This device id belongs to another user.").rule("OFF-16").at("/id", ProblemCode.ID_REUSED, "is another user's device").exception();
                if (known.state() == DeviceState.REVOKED || known.state() == DeviceState.WIPED) throw refused(known);
                DeviceStore.newSecret(db, distributorId, id, sha256(secret), publicKey, now);
                note(caller, distributorId, id, "DEVICE_SECRET_RENEWED", Map.of());
            }
            return DeviceStore.view(db, io.offtake.platform.RowScope.of(distributorId), id, now).orElseThrow();
        }));
        return new Registered(view, secret, signingKey(), now);
    }

    private static void newerRefused(int schemaVersion) {
        if (schemaVersion > SCHEMA)
            throw Problem.of(ProblemCode.CLIENT_NEWER, "The client writes queue format " + schemaVersion + ", this server reads up to " + SCHEMA + ".").with("accepted", SCHEMA)
                    .at("/schemaVersion", ProblemCode.CLIENT_NEWER, "is newer than this server", SCHEMA).exception();
    }

    /// Lets a device in: it is known or made known, active, and what it says about itself is noted.
    ///
    /// @param synced whether the call hands in commands
    /// @throws io.offtake.platform.ProblemException DEVICE_LOCKED, DEVICE_WIPE, DEVICE_REVOKED or DEVICE_SECRET
    public Device enter(Caller caller, long distributorId, UUID id, @Nullable String secret, @Nullable Heartbeat said, boolean synced) {
        var heartbeat = said == null ? Heartbeat.NONE : said;
        if (heartbeat.schemaVersion() != null) newerRefused(heartbeat.schemaVersion());
        var now = clock.instant();
        return Post.retried(() -> transactions.idempotent().<Device>write(distributorId, db -> {
            var known = DeviceStore.find(db, distributorId, id).orElse(null);
            if (known == null) {
                // a client from before there was registration: it is watched like the others, but gets no numbers
                DeviceStore.add(db, distributorId, id, caller.name(), "COUNTER", caller.userId(), caller.username(), null, null, heartbeat.appVersion(), 1, now);
                known = DeviceStore.find(db, distributorId, id).orElseThrow();
            }
            requireSecret(known, secret);
            if (known.state() != DeviceState.ACTIVE) throw refused(known);
            DeviceStore.seen(db, known, heartbeat, synced, now);
            return known;
        }));
    }

    /// A device that proves who it is, in whatever state.
    Device known(Caller caller, long distributorId, UUID id, @Nullable String secret) {
        var device = transactions.<java.util.Optional<Device>>read(io.offtake.platform.RowScope.of(distributorId), db -> DeviceStore.find(db, distributorId, id)).orElseThrow(() -> caller.notFound("device"));
        requireSecret(device, secret);
        return device;
    }

    private static void requireSecret(Device device, @Nullable String secret) {
        if (device.secretHash() == null) return;
        if (secret == null || !MessageDigest.isEqual(device.secretHash(), sha256(secret)))
            throw Problem.of(ProblemCode.DEVICE_SECRET, device.code() + " did not show its secret.").rule("OFF-16").at("#X-Device-Secret", ProblemCode.DEVICE_SECRET,
                    secret == null ? "is missing" : "is not this device's", "the secret given at registration").exception();
    }

    static io.offtake.platform.ProblemException refused(Device device) {
        var code = switch (device.state()) {
            case LOCKED -> ProblemCode.DEVICE_LOCKED;
            case WIPE_REQUESTED -> ProblemCode.DEVICE_WIPE;
            case ACTIVE, WIPED, REVOKED -> ProblemCode.DEVICE_REVOKED;
        };
        return Problem.of(code, device.code() + " (" + device.name() + ") is " + device.state() + ".").rule("OFF-16").with("state", device.state().name())
                .with("rescue", "/api/v1/sync/devices/" + device.id() + "/rescues").exception();
    }

    // ---- escrow

    /// Keeps the key of the device's encrypted store, so that a forgotten PIN does not cost the queue (OFF-16).
    public void escrow(Caller caller, long distributorId, UUID id, @Nullable String secret, String key) {
        enter(caller, distributorId, id, secret, null, false);
        transactions.idempotent().write(distributorId, db -> {
            DeviceStore.escrow(db, distributorId, id, caller.userId(), key, clock.instant());
            note(caller, distributorId, id, "DEVICE_KEY_ESCROWED", Map.of());
            return null;
        });
    }

    /// The key, for the user who stored it, while the device may still be rescued.
    public String escrowed(Caller caller, long distributorId, UUID id) {
        return transactions.idempotent().write(distributorId, db -> {
            var device = DeviceStore.find(db, distributorId, id).orElseThrow(() -> caller.notFound("device"));
            if (device.state() == DeviceState.WIPED || device.state() == DeviceState.REVOKED) throw refused(device);
            var key = DeviceStore.escrowed(db, distributorId, id, caller.userId()).orElseThrow(() -> caller.notFound("escrowed key"));
            note(caller, distributorId, id, "DEVICE_KEY_READ", Map.of());
            return key;
        });
    }

    // ---- leases

    /// @param next the number that comes next, as far as the server knows: the device takes the higher of this and its own
    public record LeaseView(String documentType, int fiscalYear, String series, int width, long next, long max, String state, LocalDate validFrom, LocalDate validTo, long lastNumber,
                            @Nullable LocalDate lastDate, @Nullable Instant retiredAt, @Nullable LocalDate voidAfter) {
        static LeaseView of(Lease lease) {
            return new LeaseView(lease.documentType(), lease.fiscalYear(), lease.series(), lease.width(), lease.lastNumber() + 1, lease.max(), lease.active() ? "ACTIVE" : "RETIRED", lease.validFrom(),
                    lease.validTo(), lease.lastNumber(), lease.lastDate(), lease.retiredAt(), lease.voidAfter());
        }
    }

    /// Leases series of a device's own, and more numbers of those it has.
    ///
    /// @param next numbers the device will give next, by document type, where it is ahead of the server
    public List<LeaseView> lease(Caller caller, long distributorId, UUID id, @Nullable String secret, Set<String> documentTypes, Map<String, Long> next) {
        for (var type : documentTypes)
            if (type == null || !LETTERS.containsKey(type))
                throw Problem.of(ProblemCode.INVALID, "Of " + type + " no numbers are leased.").rule("OFF-03").at("/documentTypes", ProblemCode.INVALID, type + " is not leased", new java.util.TreeSet<>(LETTERS.keySet())).exception();
        var device = enter(caller, distributorId, id, secret, null, false);
        if (device.secretHash() == null)
            throw Problem.of(ProblemCode.DEVICE_SECRET, "Only a registered device gets numbers of its own.").rule("OFF-03").exception();
        return Post.retried(() -> transactions.idempotent().<List<LeaseView>>write(distributorId, db -> {
            DeviceStore.lock(db, distributorId, id);
            var today = LocalDate.now(clock.withZone(zone(db, distributorId)));
            var years = new ArrayList<Integer>(List.of(Documents.fiscalYear(today)));
            // the next year's series is there before the year is (OFF-03)
            if (today.getMonthValue() == 3 && today.getDayOfMonth() >= 15) years.add(years.getFirst() + 1);
            var held = LeaseStore.of(db, distributorId, id);
            for (int year : years)
                for (var type : new java.util.TreeSet<>(documentTypes)) {
                    var lease = held.stream().filter(any -> any.documentType().equals(type) && any.fiscalYear() == year).findFirst().orElse(null);
                    if (lease == null) {
                        var prefix = device.code() + LETTERS.get(type) + String.valueOf(100 + year % 100).substring(1);
                        LeaseStore.open(db, distributorId, id, ids.next(), type, year, prefix, WIDTH, AHEAD, clock.instant());
                        note(caller, distributorId, id, "SERIES_LEASED", Map.of("documentType", type, "fiscalYear", year));
                    } else if (lease.active()) {
                        long given = Math.max(lease.lastNumber(), year == years.getFirst() ? java.util.Objects.requireNonNullElse(next.get(type), 1L) - 1 : 0);
                        long wanted = Math.min(given + AHEAD, lease.lastNumber() + UNSENT_MAX);
                        if (wanted > lease.max()) LeaseStore.raise(db, lease, wanted);
                    }
                }
            return LeaseStore.of(db, distributorId, id).stream().filter(lease -> years.contains(lease.fiscalYear())).map(LeaseView::of).toList();
        }));
    }

    private static ZoneId zone(org.springframework.jdbc.core.simple.JdbcClient db, long distributorId) {
        return ZoneId.of(db.sql("select time_zone from network.distributor where id = ?").param(distributorId).query(String.class).single());
    }

    /// The offline policies of a distributor today.
    public OfflinePolicy policy(org.springframework.jdbc.core.simple.JdbcClient db, long distributorId, LocalDate today) {
        return OfflinePolicy.of(policies.read(db, distributorId, today), backdateDays);
    }

    // ---- for managers

    public Page<DeviceView> list(Caller caller, ListQuery query) {
        return transactions.read(caller.scope(), db -> DeviceStore.page(db, caller.scope(), query, clock.instant()));
    }

    /// @param gaps numbers of its series that no document bears, and why
    public record Details(DeviceView device, List<LeaseView> leases, List<LeaseStore.Gap> gaps, List<DeviceStore.Alert> alerts) {}

    public Details details(Caller caller, UUID id) {
        return transactions.read(caller.scope(), db -> {
            var view = DeviceStore.view(db, caller.scope(), id, clock.instant()).orElseThrow(() -> caller.notFound("device"));
            return new Details(view, LeaseStore.of(db, view.distributorId(), id).stream().map(LeaseView::of).toList(), LeaseStore.gaps(db, view.distributorId(), id),
                    DeviceStore.alerts(db, view.distributorId(), id));
        });
    }

    public DeviceView rename(Caller caller, UUID id, String name) {
        return change(caller, id, (db, device) -> {
            if (device.userId() != caller.userId()) caller.require(Permission.DEVICE_MANAGE);
            DeviceStore.rename(db, device.distributorId(), id, name);
            note(caller, device.distributorId(), id, "DEVICE_RENAMED", Map.of("from", device.name(), "to", name));
        });
    }

    /// The steps a manager may take.
    public enum Step {
        LOCK(DeviceState.LOCKED, Set.of(DeviceState.ACTIVE)),
        UNLOCK(DeviceState.ACTIVE, Set.of(DeviceState.LOCKED, DeviceState.WIPE_REQUESTED)),
        WIPE(DeviceState.WIPE_REQUESTED, Set.of(DeviceState.ACTIVE, DeviceState.LOCKED)),
        REVOKE(DeviceState.REVOKED, Set.of(DeviceState.ACTIVE, DeviceState.LOCKED, DeviceState.WIPE_REQUESTED)),
        /// Taken by the device itself, after its queue was rescued.
        WIPED(DeviceState.WIPED, Set.of(DeviceState.WIPE_REQUESTED));

        private final DeviceState to;
        private final Set<DeviceState> from;

        Step(DeviceState to, Set<DeviceState> from) {
            this.to = to;
            this.from = from;
        }
    }

    /// Takes a step; one that was taken already changes nothing.
    public DeviceView step(Caller caller, UUID id, Step step, String reason) {
        return change(caller, id, (db, device) -> {
            if (device.state() == step.to) return;
            if (!step.from.contains(device.state()))
                throw Problem.of(ProblemCode.ILLEGAL_STATE, device.code() + " is " + device.state() + ".").rule("OFF-16").with("state", device.state().name())
                        .with("accepted", step.from.stream().map(Enum::name).sorted().toList()).exception();
            DeviceStore.state(db, device.distributorId(), id, step.to, reason, caller.username(), clock.instant());
            if (step.to == DeviceState.REVOKED || step.to == DeviceState.WIPED)
                LeaseStore.retire(db, device.distributorId(), id, reason, LocalDate.now(clock.withZone(zone(db, device.distributorId()))).plusDays(VOID_DAYS), clock.instant());
            note(caller, device.distributorId(), id, "DEVICE_" + step, Map.of("from", device.state().name(), "reason", reason));
        });
    }

    /// The device says that it is empty.
    public DeviceView wiped(Caller caller, long distributorId, UUID id, @Nullable String secret) {
        known(caller, distributorId, id, secret);
        return step(caller, id, Step.WIPED, "wiped by the device");
    }

    private interface Change {
        void on(org.springframework.jdbc.core.simple.JdbcClient db, Device device);
    }

    private DeviceView change(Caller caller, UUID id, Change change) {
        long distributorId = transactions.<java.util.Optional<Long>>read(caller.scope(), db -> DeviceStore.distributorOf(db, caller.scope(), id)).orElseThrow(() -> caller.notFound("device"));
        return transactions.idempotent().write(distributorId, db -> {
            change.on(db, DeviceStore.lock(db, distributorId, id).orElseThrow(() -> caller.notFound("device")));
            return DeviceStore.view(db, io.offtake.platform.RowScope.of(distributorId), id, clock.instant()).orElseThrow();
        });
    }

    private void note(Caller caller, long distributorId, UUID id, String action, Map<String, Object> details) {
        audit.append(distributorId, List.of(new AuditTrail.Entry(distributorId, clock.instant().truncatedTo(java.time.temporal.ChronoUnit.MICROS), caller.username(), null, action, "DEVICE", id, null,
                Fingerprint.json(new LinkedHashMap<>(new java.util.TreeMap<>(details))))));
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
