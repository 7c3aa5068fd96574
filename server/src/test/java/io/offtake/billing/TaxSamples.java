package io.offtake.billing;

import static io.offtake.access.testing.Samples.Request.get;
import static io.offtake.access.testing.Samples.Request.post;
import static io.offtake.access.testing.Samples.Request.put;

import io.offtake.access.Role;
import io.offtake.access.testing.OperationSamples;
import io.offtake.access.testing.Samples;
import io.offtake.access.testing.World;
import io.offtake.tax.app.Filings;
import io.offtake.tax.app.Portals;
import java.time.Clock;
import java.time.YearMonth;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;

/// Notes, e-invoices, e-way bills, returns and registrations. The portal is the simulator, whose steps are taken one by one.
@Component
class TaxSamples implements OperationSamples {
    private static final String LAW = "the law of the land";
    private final Filings filings;
    private final Portals portals;
    private final Clock clock;

    TaxSamples(Filings filings, Portals portals, Clock clock) {
        this.filings = filings;
        this.portals = portals;
        this.clock = clock;
    }

    private static final Map<String, Object> CANCEL = Map.of("reason", "DATA_ENTRY", "remark", "wrong shop");

    @Override
    public void add(Samples to) {
        to.row("POST /api/v1/debit-notes", world -> post("/api/v1/debit-notes", note(world, "0.50")), Role.BC);
        to.row("POST /api/v1/financial-credit-notes", world -> post("/api/v1/financial-credit-notes", note(world, "1.00")), Role.BC);

        to.list("GET /api/v1/tax/e-invoices", _ -> get("/api/v1/tax/e-invoices"), world -> filing(world, "E_INVOICE", "REJECTED"), Role.BC);
        to.row("GET /api/v1/tax/e-invoices/{id}", world -> get("/api/v1/tax/e-invoices/" + filing(world, "E_INVOICE", "REJECTED")), Role.BC);
        to.row("POST /api/v1/tax/e-invoices/{id}/retry", world -> post("/api/v1/tax/e-invoices/" + filing(world, "E_INVOICE", "REJECTED") + "/retry", null), Role.BC);
        to.row("POST /api/v1/tax/e-invoices/{id}/cancellation", world -> post("/api/v1/tax/e-invoices/" + filing(world, "E_INVOICE", "REGISTERED") + "/cancellation", CANCEL), Role.BC);

        to.list("GET /api/v1/tax/e-way-bills", _ -> get("/api/v1/tax/e-way-bills"), world -> filing(world, "E_WAY_BILL", "REJECTED"), Role.GK);
        to.row("GET /api/v1/tax/e-way-bills/{id}", world -> get("/api/v1/tax/e-way-bills/" + filing(world, "E_WAY_BILL", "REJECTED")), Role.GK);
        to.row("POST /api/v1/tax/e-way-bills", world -> post("/api/v1/tax/e-way-bills", Map.of("distributorId", world.owner.id(), "documentId", addressed(world, "addressed"), "distanceKm", 120, "vehicle", "MH12AB1234")), Role.GK);
        to.row("POST /api/v1/tax/e-way-bills/{id}/retry", world -> post("/api/v1/tax/e-way-bills/" + filing(world, "E_WAY_BILL", "REJECTED") + "/retry", null), Role.GK);
        to.row("POST /api/v1/tax/e-way-bills/{id}/cancellation", world -> post("/api/v1/tax/e-way-bills/" + filing(world, "E_WAY_BILL", "REGISTERED") + "/cancellation", CANCEL), Role.GK);

        to.row("POST /api/v1/tax/e-way-bills/{id}/vehicle", world -> post("/api/v1/tax/e-way-bills/" + onTheRoad(world) + "/vehicle", Map.of("vehicle", "MH14XY4321", "place", "Satara", "remark", "breakdown")), Role.GK);
        to.row("POST /api/v1/tax/e-way-bills/{id}/extension", world -> post("/api/v1/tax/e-way-bills/" + onTheRoad(world) + "/extension",
                Map.of("vehicle", "MH14XY4321", "remainingKm", 80, "place", "Satara", "pin", "415001", "remark", "landslide")), Role.GK);
        to.row("POST /api/v1/tax/e-way-bills/consolidation", world -> post("/api/v1/tax/e-way-bills/consolidation",
                Map.of("distributorId", world.owner.id(), "documentIds", List.of(onTheRoad(world)), "vehicle", "MH14XY4321", "place", "Pune")), Role.GK);
        to.nobodys("GET /api/v1/tax/portal", "counts of one's own documents only", _ -> get("/api/v1/tax/portal"), Role.BC);
        to.row("GET /api/v1/tax/documents/{id}", world -> get("/api/v1/tax/documents/" + DocumentSamples.invoice(world, "listed")), Role.BC);
        to.row("POST /api/v1/tax/documents/{id}/note-choice", world -> post("/api/v1/tax/documents/" + DocumentSamples.invoice(world, "listed") + "/note-choice",
                Map.of("linked", true, "itcReversed", false, "noteOn", world.network.today().toString())), Role.BC);

        to.row("GET /api/v1/tax/gstr1", world -> get("/api/v1/tax/gstr1" + month(world)), Role.BC);
        to.row("GET /api/v1/tax/gstr1/entries", world -> get("/api/v1/tax/gstr1/entries" + month(world)), Role.BC);
        to.row("GET /api/v1/tax/gstr1/file", world -> get("/api/v1/tax/gstr1/file" + month(world) + "&format=json"), Role.BC);
        to.row("GET /api/v1/tax/gstr1/filings", world -> {
            filedReturn(world);
            return get("/api/v1/tax/gstr1/filings?distributorId=" + world.owner.id());
        }, Role.BC);
        to.row("POST /api/v1/tax/gstr1/filings", world -> post("/api/v1/tax/gstr1/filings", filing(world, filedReturn(world))), Role.BC);
        to.row("GET /api/v1/tax/gstr3b", world -> get("/api/v1/tax/gstr3b" + month(world)), Role.BC);

        to.row("GET /api/v1/tax/ims", world -> get("/api/v1/tax/ims" + month(world)), Role.BC);
        to.row("POST /api/v1/tax/ims", world -> post("/api/v1/tax/ims", Map.of("distributorId", world.owner.id(), "documentId", DocumentSamples.creditNote(world), "status", "PENDING", "answeredOn", world.network.today().toString())), Role.BC);

        to.row("GET /api/v1/tax/exports", world -> get("/api/v1/tax/exports" + month(world)), Role.BC);
        to.row("PUT /api/v1/tax/exports/{id}", world -> put("/api/v1/tax/exports/" + DocumentSamples.export(world), Map.of("portCode", "INNSA1", "country", "AE"), "*"), Role.BC);

        to.list("GET /api/v1/tax/registrations", _ -> get("/api/v1/tax/registrations"), TaxSamples::registration, Role.DO);
        to.row("GET /api/v1/tax/registrations/{distributorId}", world -> get("/api/v1/tax/registrations/" + world.owner.id()), Role.DO);
        to.row("PUT /api/v1/tax/registrations/{distributorId}", world -> {
            registration(world);
            var path = "/api/v1/tax/registrations/" + world.owner.id();
            var version = world.owner(Role.DO).get(path).json().path("version").asInt();
            return put(path, Map.of("bankAccount", "OWN" + world.owner.id() + "99", "years", List.of()), "\"" + version + "\"");
        }, Role.DO);

        to.nobodys("GET /api/v1/tax/thresholds", LAW, _ -> get("/api/v1/tax/thresholds"), Role.BC);
        to.nobodys("GET /api/v1/tax/discount-regimes", LAW, _ -> get("/api/v1/tax/discount-regimes"), Role.BC);
        to.nobodys("GET /api/v1/tax/standard-rates", LAW, _ -> get("/api/v1/tax/standard-rates"), Role.COE);
    }

    /// An e-way bill that the portal has and that ends within the hour.
    private String onTheRoad(World world) {
        var invoice = addressed(world, "on the road");
        return world.once("e-way bill on the road", () -> {
            var answer = world.owner(Role.GK).post("/api/v1/tax/e-way-bills", Map.of("distributorId", world.owner.id(), "documentId", invoice, "distanceKm", 120, "vehicle", "MH12AB1234"));
            if (answer.status() / 100 != 2) throw new AssertionError("a sample could not be made: " + answer);
            filings.drain(world.owner.id(), portals.portal().orElseThrow(), portals.key(), 20);
            var soon = clock.instant().plusSeconds(3600);
            world.network.transactions.write(world.owner.id(), db -> {
                var number = db.sql("select reference from tax.portal_document where distributor_id = ? and document_id = ?::uuid and task = 'E_WAY_BILL'").params(world.owner.id(), invoice).query(String.class).single();
                portals.simulator().orElseThrow().endsAt(number, soon);
                return db.sql("update tax.portal_document set valid_until = ? where distributor_id = ? and document_id = ?::uuid and task = 'E_WAY_BILL'").params(soon.atOffset(java.time.ZoneOffset.UTC), world.owner.id(), invoice).update();
            });
            return invoice;
        });
    }

    private static String month(World world) {
        return "?distributorId=" + world.owner.id() + "&month=" + YearMonth.from(world.network.today());
    }

    /// The number under which the month before was filed; recording it again changes nothing.
    private static String filedReturn(World world) {
        return world.once("filed return", () -> {
            var arn = world.secret("AA" + String.valueOf(1_000_000_000_000L + world.owner.id()));
            var answer = world.owner(Role.BC).post("/api/v1/tax/gstr1/filings", filing(world, arn));
            if (answer.status() / 100 != 2) throw new AssertionError("a sample could not be made: " + answer);
            return arn;
        });
    }

    private static Map<String, Object> filing(World world, String arn) {
        var past = YearMonth.from(world.network.today()).minusMonths(1);
        return Map.of("distributorId", world.owner.id(), "month", past.toString(), "arn", arn, "filedOn", past.plusMonths(1).atDay(1).toString());
    }

    private static Map<String, Object> note(World world, String price) {
        var body = new LinkedHashMap<String, Object>(Map.of("id", UUID.randomUUID(), "distributorId", world.owner.id(), "principalId", world.network.principal, "businessDate", world.network.today().toString()));
        body.putAll(Map.of("originalId", DocumentSamples.invoice(world, "listed"), "reason", "rate difference", "lines", List.of(Map.of("line", 1, "skuId", world.network.skus.get("S3"), "qty", "12", "unitPrice", price))));
        return body;
    }

    /// An account number that only the owner has.
    private static String registration(World world) {
        return world.once("registration", () -> {
            var account = world.secret("OWN" + world.owner.id() + "77");
            var answer = world.owner(Role.DO).put("/api/v1/tax/registrations/" + world.owner.id(), Map.of("bankAccount", account, "years", List.of()), "\"0\"");
            if (answer.status() / 100 != 2) throw new AssertionError("a sample could not be made: " + answer);
            return account;
        });
    }

    /// An invoice whose parties have addresses.
    private static String addressed(World world, String which) {
        world.network.transactions.write(world.owner.id(), db -> db.sql("update network.outlet set address = '4 Market Yard', city = 'Pune', pin = '411002' where distributor_id = ?").param(world.owner.id()).update());
        return DocumentSamples.invoice(world, which);
    }

    private static String filing(World world, String task, String state) {
        var invoice = DocumentSamples.invoice(world, task + state);
        return world.once("filing " + task + state, () -> {
            world.network.transactions.write(world.owner.id(), db -> db.sql("""
                            insert into tax.portal_document (distributor_id, document_id, task, principal_id, kind, number, business_date, buyer, payable, state, reference, acknowledged_at, request, payload, created_at, changed_at)
                            values (:distributor, :document::uuid, :task, :principal, 'INVOICE', 'D', :on, 'Outlet O1', 100, :state, :reference, now(), '{"distanceKm":10}', '{"fromGstin":"27PQRST5678K1Z2"}', now(), now())""")
                    .param("distributor", world.owner.id()).param("document", invoice).param("task", task).param("principal", world.network.principal).param("on", world.network.today()).param("state", state)
                    .param("reference", state.equals("REGISTERED") ? "R-" + invoice : null).update());
            return invoice;
        });
    }
}
