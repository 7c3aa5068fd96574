package io.offtake.tax;

import static io.offtake.access.testing.Samples.Request.get;
import static io.offtake.access.testing.Samples.Request.post;
import static io.offtake.access.testing.Samples.Request.put;

import io.offtake.access.Role;
import io.offtake.access.testing.OperationSamples;
import io.offtake.access.testing.Samples;
import io.offtake.access.testing.World;
import io.offtake.billing.DocumentSamples;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;

/// Documents as UBL and the addresses they are sent to.
@Component
class VatSamples implements OperationSamples {
    private static final String BOUNDARY = "offtake-boundary";

    @Override
    public void add(Samples to) {
        for (var kind : new String[] {"invoices", "credit-notes"}) {
            to.row("GET /api/v1/" + kind + "/{id}/ubl", world -> get("/api/v1/" + kind + "/" + DocumentSamples.invoice(world, "listed") + "/ubl?profile=EN16931"), Role.BC);
            to.row("GET /api/v1/" + kind + "/{id}/ubl/validation", world -> get("/api/v1/" + kind + "/" + DocumentSamples.invoice(world, "listed") + "/ubl/validation?profile=EN16931"), Role.BC);
        }
        to.nobodys("POST /api/v1/tax/ubl/validation", "a file of the caller's, nothing is stored", _ -> post("/api/v1/tax/ubl/validation", "--" + BOUNDARY
                + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.xml\"\r\nContent-Type: application/xml\r\n\r\n<Invoice xmlns=\"urn:oasis:names:specification:ubl:schema:xsd:Invoice-2\"/>\r\n--" + BOUNDARY
                + "--\r\n").with("Content-Type", "multipart/form-data; boundary=" + BOUNDARY), Role.BC);
        to.list("GET /api/v1/electronic-addresses", _ -> get("/api/v1/electronic-addresses"), VatSamples::address, Role.BC);
        to.row("GET /api/v1/electronic-addresses/{id}", world -> get("/api/v1/electronic-addresses/" + address(world)), Role.BC);
        to.row("GET /api/v1/electronic-addresses/{id}/history", world -> get("/api/v1/electronic-addresses/" + address(world) + "/history"), Role.BC);
        to.row("POST /api/v1/electronic-addresses", world -> post("/api/v1/electronic-addresses",
                Map.of("id", UUID.randomUUID(), "distributorId", world.owner.id(), "outlet", "O3", "scheme", "0088", "address", "5790000436057")), Role.BC);
        to.row("PUT /api/v1/electronic-addresses/{id}", world -> {
            var one = "/api/v1/electronic-addresses/" + address(world);
            return put(one, Map.of("outlet", "O2", "scheme", "0088", "address", "7300010000001"), world.owner(Role.BC).get(one).etag());
        }, Role.BC);

        var regime = "only a seller under Kenya's VAT has it, and the samples' owner is in India";
        to.headOffice("PUT /api/v1/tax/etims/units/{distributorId}", regime, world -> new Samples.Request("PUT", "/api/v1/tax/etims/units/" + kenyan(world), Map.of("branch", "00", "adapter", "SIMULATOR"), Map.of()), Role.COE);
        to.headOffice("GET /api/v1/tax/vat/returns/{distributorId}", regime, world -> get("/api/v1/tax/vat/returns/" + kenyan(world) + "?month=2026-11"), Role.FIN);
        to.headOffice("GET /api/v1/tax/vat/registration/{distributorId}", regime, world -> get("/api/v1/tax/vat/registration/" + kenyan(world)), Role.FIN);
        to.row("GET /api/v1/tax/etims/units/{distributorId}", world -> {
            told(world);
            return get("/api/v1/tax/etims/units/" + world.owner.id());
        }, Role.DO);
        to.list("GET /api/v1/tax/etims/documents", _ -> get("/api/v1/tax/etims/documents"), VatSamples::told, Role.DO);
        to.row("GET /api/v1/invoices/{id}/etims", world -> get("/api/v1/invoices/" + told(world) + "/etims"), Role.BC);
        to.row("POST /api/v1/invoices/{id}/etims", world -> post("/api/v1/invoices/" + told(world) + "/etims", null), Role.BC);
    }

    /// A distributor of the network under Kenya's VAT.
    private static long kenyan(World world) {
        return world.once("kenyan", () -> {
            long id = world.network.distributor("KE").id();
            world.network.transactions.shared(db -> db.sql("update network.distributor set tax_regime = 'KE_VAT', currency = 'KES', state_code = 'KE', gstin = 'P051234567X' where id = ?").param(id).update());
            return id;
        });
    }

    /// An invoice of the owner in the control unit's queue.
    private static String told(World world) {
        return world.once("told", () -> {
            var invoice = DocumentSamples.invoice(world, "listed");
            world.network.transactions.write(world.owner.id(), db -> {
                db.sql("insert into tax.etims_unit (distributor_id, branch, serial, adapter, feed_seq, registered_at, registered_by) values (?, '00', 'SIM', 'SIMULATOR', 1000000000, now(), 'test')")
                        .param(world.owner.id()).update();
                return db.sql("""
                        insert into tax.etims_document (distributor_id, document_id, principal_id, kind, number, business_date, state, invoice_no, next_attempt_at, queued_at, changed_at)
                        values (?, ?::uuid, ?, 'INVOICE', 'T/1', ?, 'PENDING', 1, now() + interval '1 day', now(), now())""")
                        .params(world.owner.id(), invoice, world.network.principal, world.network.today()).update();
            });
            return invoice;
        });
    }

    private static String address(World world) {
        return world.once("electronic address", () -> {
            var id = world.secret(UUID.randomUUID().toString());
            var answer = world.owner(Role.BC).post("/api/v1/electronic-addresses", Map.of("id", id, "distributorId", world.owner.id(), "outlet", "O2", "scheme", "0088", "address", "7300010000001"));
            if (answer.status() / 100 != 2) throw new AssertionError("a sample could not be made: " + answer);
            return id;
        });
    }
}
