package io.offtake.tax.app;

import io.offtake.platform.Actor;
import io.offtake.platform.TenantTransaction;
import io.offtake.tax.india.EwayBill;
import io.offtake.tax.india.EwayPayload;
import io.offtake.tax.india.Inv01;
import io.offtake.tax.portal.TaxPortal.Answer;
import io.offtake.tax.store.FilingStore;
import io.offtake.tax.store.FilingStore.Event;
import io.offtake.tax.store.FilingStore.Filing;
import io.offtake.tax.store.FilingStore.State;
import io.offtake.tax.store.FilingStore.Task;
import io.offtake.tax.store.LawStore;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/// What happens to an e-way bill on the road: another vehicle, a longer validity. A person waits for the portal's word; doing
/// it again does no harm.
@Service
public class EwayBills {
    private final TenantTransaction transactions;
    private final FilingStore store;
    private final Portals portals;
    private final Clock clock;

    EwayBills(TenantTransaction transactions, FilingStore store, Portals portals, Clock clock) {
        this.transactions = transactions;
        this.store = store;
        this.portals = portals;
        this.clock = clock;
    }

    public sealed interface Outcome {
        record Done(Filing filing) implements Outcome {}

        record Unknown() implements Outcome {}

        record WrongState(State state) implements Outcome {}

        /// The law's window is closed.
        record Closed(String why) implements Outcome {}

        record PortalRefused(Answer.Refused refused) implements Outcome {}

        record Silent(String why) implements Outcome {}
    }

    /// Part B: other goods vehicle, such as after a breakdown.
    public Outcome vehicle(long distributorId, UUID documentId, String vehicle, String place, String remark, Actor actor) {
        return ask(distributorId, documentId, "VEHICLE", actor, vehicle, (filing, seller) -> portals.portal().orElseThrow().changeVehicle(seller, Objects.requireNonNull(filing.reference()), EwayPayload.plate(vehicle), place,
                payload(filing).path("actFromStateCode").asString(), "1", remark), null);
    }

    /// A longer validity, within eight hours around its end.
    public Outcome extend(long distributorId, UUID documentId, String vehicle, int remainingKm, String place, String pin, String remark, Actor actor) {
        return ask(distributorId, documentId, "EXTENSION", actor, vehicle, (filing, seller) -> portals.portal().orElseThrow().extendEwayBill(seller, Objects.requireNonNull(filing.reference()), EwayPayload.plate(vehicle), remainingKm,
                place, pin, payload(filing).path("actFromStateCode").asString(), remark), filing -> {
                    var law = transactions.shared(LawStore::law);
                    if (filing.validUntil() == null) return "its validity has not begun: name the vehicle first";
                    if (!EwayBill.mayBeExtended(clock.instant(), filing.validUntil(), law)) return "it is extended within 8 hours before or after its end";
                    var issued = LocalDate.ofInstant(Objects.requireNonNull(filing.acknowledgedAt()), EwayBill.ZONE);
                    var last = EwayBill.lastDayOfExtensions(issued, law);
                    return LocalDate.ofInstant(clock.instant(), EwayBill.ZONE).isAfter(last) ? "extensions end on " + last : null;
                });
    }

    public sealed interface Trip {
        /// @param number of the EWB-02
        record Made(String number, Instant at, List<Filing> filings) implements Trip {}

        record Unknown(UUID documentId) implements Trip {}

        /// One of them is no e-way bill in force.
        record WrongState(UUID documentId, State state) implements Trip {}

        /// One of them is over.
        record Over(UUID documentId, Instant validUntil) implements Trip {}

        record PortalRefused(Answer.Refused refused) implements Trip {}

        record Silent(String why) implements Trip {}
    }

    /// One consolidated paper (EWB-02) for what one vehicle carries. Each bill's history names it; the newest is the one that counts, so
    /// asking again after a silence does no harm.
    ///
    /// @param documents invoices with an e-way bill, of one distributor
    public Trip consolidate(long distributorId, List<UUID> documents, String vehicle, String place, Actor actor) {
        var filings = new ArrayList<Filing>();
        for (var id : documents.stream().distinct().toList()) {
            var filing = transactions.write(distributorId, db -> store.find(db, distributorId, id, Task.E_WAY_BILL)).orElse(null);
            if (filing == null) return new Trip.Unknown(id);
            if (filing.state() != State.REGISTERED) return new Trip.WrongState(id, filing.state());
            if (filing.validUntil() != null && clock.instant().isAfter(filing.validUntil())) return new Trip.Over(id, filing.validUntil());
            filings.add(filing);
        }
        if (!portals.isSetUp()) return new Trip.Silent("no portal is set up");
        var first = payload(filings.getFirst());
        var plate = EwayPayload.plate(vehicle);
        var answer = portals.portal().orElseThrow().consolidate(first.path("fromGstin").asString(), filings.stream().map(filing -> Objects.requireNonNull(filing.reference())).toList(), plate, place,
                first.path("actFromStateCode").asString());
        return switch (answer) {
            case Answer.Found found -> transactions.<Trip>write(distributorId, db -> {
                var now = clock.instant();
                var after = new ArrayList<Filing>();
                for (var filing : filings) {
                    var present = store.lock(db, distributorId, filing.documentId(), Task.E_WAY_BILL).orElseThrow();
                    var transport = Inv01.JSON.readValue(present.request(), EwayPayload.Transport.class);
                    if (store.save(db, present.asking(Inv01.JSON.writeValueAsString(new EwayPayload.Transport(transport.distanceKm(), plate, transport.transporterId(), transport.transporterName()))), now))
                        store.note(db, present, new Event(now, actor.username(), "CONSOLIDATED", present.state().name(), null, "EWB-02 " + found.registered().reference() + ", " + plate, found.raw()));
                    after.add(store.find(db, distributorId, filing.documentId(), Task.E_WAY_BILL).orElseThrow());
                }
                return new Trip.Made(found.registered().reference(), found.registered().acknowledgedAt(), List.copyOf(after));
            });
            case Answer.Refused refused -> new Trip.PortalRefused(refused);
            case Answer.Absent _ -> new Trip.PortalRefused(new Answer.Refused(List.of(new io.offtake.tax.portal.TaxPortal.Fault("338", "the portal does not know one of these e-way bills")), ""));
            case Answer.NotReached(var why) -> new Trip.Silent(why);
            case Answer.NoAnswer(var why) -> new Trip.Silent(why);
        };
    }

    private static tools.jackson.databind.JsonNode payload(Filing filing) {
        return Inv01.JSON.readTree(Objects.requireNonNull(filing.payload()));
    }

    private Outcome ask(long distributorId, UUID documentId, String step, Actor actor, String vehicle, BiFunction<Filing, String, Answer> question,
                        java.util.function.@Nullable Function<Filing, @Nullable String> window) {
        var filing = transactions.write(distributorId, db -> store.find(db, distributorId, documentId, Task.E_WAY_BILL)).orElse(null);
        if (filing == null) return new Outcome.Unknown();
        if (filing.state() != State.REGISTERED) return new Outcome.WrongState(filing.state());
        var closed = window == null ? null : window.apply(filing);
        if (closed != null) return new Outcome.Closed(closed);
        if (!portals.isSetUp()) return new Outcome.Silent("no portal is set up");
        var answer = question.apply(filing, payload(filing).path("fromGstin").asString());
        return switch (answer) {
            case Answer.Found found -> transactions.write(distributorId, db -> {
                var present = store.lock(db, distributorId, documentId, Task.E_WAY_BILL).orElseThrow();
                var transport = Inv01.JSON.readValue(present.request(), EwayPayload.Transport.class);
                var until = found.registered().validUntil() == null ? present.validUntil() : found.registered().validUntil();
                var after = present.registered(Objects.requireNonNull(present.reference()), Objects.requireNonNullElse(present.acknowledgement(), ""), Objects.requireNonNull(present.acknowledgedAt()), until, null, null)
                        .asking(Inv01.JSON.writeValueAsString(new EwayPayload.Transport(transport.distanceKm(), EwayPayload.plate(vehicle), transport.transporterId(), transport.transporterName())));
                if (store.save(db, after, clock.instant())) store.note(db, present, new Event(clock.instant(), actor.username(), step, after.state().name(), null, EwayPayload.plate(vehicle), found.raw()));
                return new Outcome.Done(store.find(db, distributorId, documentId, Task.E_WAY_BILL).orElseThrow());
            });
            case Answer.Refused refused -> new Outcome.PortalRefused(refused);
            case Answer.Absent _ -> new Outcome.PortalRefused(new Answer.Refused(List.of(new io.offtake.tax.portal.TaxPortal.Fault("338", "the portal does not know this e-way bill")), ""));
            case Answer.NotReached(var why) -> new Outcome.Silent(why);
            case Answer.NoAnswer(var why) -> new Outcome.Silent(why);
        };
    }
}
