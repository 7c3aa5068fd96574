package io.offtake.billing;

import static io.offtake.access.testing.Samples.Request.get;
import static io.offtake.access.testing.Samples.Request.post;

import io.offtake.access.Role;
import io.offtake.access.testing.OperationSamples;
import io.offtake.access.testing.Samples;
import io.offtake.access.testing.World;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;

/// Orders, invoices, collections, goods receipts and the ledgers they leave behind.
@Component
public class DocumentSamples implements OperationSamples {

    @Override
    public void add(Samples to) {
        to.list("GET /api/v1/orders", _ -> get("/api/v1/orders"), world -> order(world, "listed"), Role.BC);
        to.row("GET /api/v1/orders/{id}", world -> get("/api/v1/orders/" + order(world, "listed")), Role.BC);
        to.row("POST /api/v1/orders", world -> post("/api/v1/orders", orderBody(world, UUID.randomUUID())), Role.BC);
        to.row("POST /api/v1/orders/{id}/allocation", world -> post("/api/v1/orders/" + order(world, "allocated") + "/allocation", Map.of("id", UUID.randomUUID())), Role.BC);
        to.row("POST /api/v1/orders/{id}/cancellation", world -> post("/api/v1/orders/" + order(world, "cancelled") + "/cancellation", Map.of("id", UUID.randomUUID(), "reason", "shop closed")), Role.BC);

        to.list("GET /api/v1/invoices", _ -> get("/api/v1/invoices"), world -> invoice(world, "listed"), Role.BC);
        to.row("GET /api/v1/invoices/{id}", world -> get("/api/v1/invoices/" + invoice(world, "listed")), Role.BC);
        to.row("GET /api/v1/invoices/{id}/explanation", world -> get("/api/v1/invoices/" + invoice(world, "listed") + "/explanation"), Role.BC);
        to.row("POST /api/v1/invoices/quote", world -> {
            stock(world);
            return post("/api/v1/invoices/quote", invoiceBody(world, UUID.randomUUID()));
        }, Role.BC);
        to.row("POST /api/v1/invoices", world -> {
            stock(world);
            return post("/api/v1/invoices", invoiceBody(world, UUID.randomUUID()));
        }, Role.BC);
        to.row("POST /api/v1/invoices/bulk", world -> {
            stock(world);
            return post("/api/v1/invoices/bulk?distributorId=" + world.owner.id(), new tools.jackson.databind.json.JsonMapper().writeValueAsString(invoiceBody(world, UUID.randomUUID())))
                    .with("Content-Type", "application/x-ndjson");
        }, Role.BC);
        to.row("POST /api/v1/invoices/{id}/delivery", world -> post("/api/v1/invoices/" + invoice(world, "delivered") + "/delivery", Map.of("id", UUID.randomUUID())), Role.GK);
        to.row("POST /api/v1/invoices/{id}/cancellation", world -> post("/api/v1/invoices/" + invoice(world, "cancelled") + "/cancellation", Map.of("id", UUID.randomUUID(), "reason", "wrong shop")), Role.DO);
        to.row("POST /api/v1/invoices/{id}/cancellation-refusal", world -> {
            var id = invoice(world, "kept");
            make(world, "cancellation asked for", "/api/v1/invoices/" + id + "/cancellation", Map.of("id", UUID.randomUUID(), "reason", "wrong shop"), Role.BC);
            return post("/api/v1/invoices/" + id + "/cancellation-refusal", Map.of("reason", "the shop took it"));
        }, Role.DO);

        to.row("POST /api/v1/credit-notes", world -> post("/api/v1/credit-notes", noteBody(world, UUID.randomUUID())), Role.BC);

        to.list("GET /api/v1/collections", _ -> get("/api/v1/collections"), DocumentSamples::collection, Role.BC);
        to.row("GET /api/v1/collections/{id}", world -> get("/api/v1/collections/" + collection(world)), Role.BC);
        to.row("POST /api/v1/collections", world -> {
            invoice(world, "listed");
            return post("/api/v1/collections", collectionBody(world, UUID.randomUUID()));
        }, Role.BC);
        to.list("GET /api/v1/receivables/outlets", _ -> get("/api/v1/receivables/outlets"), world -> world.owner.o1().toString(), Role.BC);
        to.list("GET /api/v1/receivables/bills", _ -> get("/api/v1/receivables/bills"), world -> invoice(world, "listed"), Role.BC);

        to.list("GET /api/v1/goods-receipts", _ -> get("/api/v1/goods-receipts"), DocumentSamples::receipt, Role.GK);
        to.row("GET /api/v1/goods-receipts/{id}", world -> get("/api/v1/goods-receipts/" + receipt(world)), Role.GK);
        to.row("POST /api/v1/goods-receipts", world -> post("/api/v1/goods-receipts", receiptBody(world, UUID.randomUUID(), "SB/2")), Role.GK);
        to.list("GET /api/v1/stock", _ -> get("/api/v1/stock"), DocumentSamples::stock, Role.GK);
        to.list("GET /api/v1/stock/entries", _ -> get("/api/v1/stock/entries"), DocumentSamples::stock, Role.GK);
    }

    private static String stock(World world) {
        return world.once("batch S3", () -> world.secret(world.network.batch(world.owner, "S3", "D1", "115.00", world.network.today().plusDays(300), 5000).toString()));
    }

    /// Posts a body as the owner's user and answers its id, a secret from now on.
    private static String make(World world, String name, String path, Map<String, Object> body, Role role) {
        return world.once(name, () -> {
            var id = world.secret(body.get("id").toString());
            var answer = world.owner(role).post(path, body);
            if (answer.status() / 100 != 2) throw new AssertionError("a sample could not be made: " + answer);
            return id;
        });
    }

    static String order(World world, String which) {
        stock(world);
        return make(world, "order " + which, "/api/v1/orders", orderBody(world, UUID.randomUUID()), Role.BC);
    }

    /// The id of a posted invoice of the owner, one for each name.
    public static String invoice(World world, String which) {
        stock(world);
        return make(world, "invoice " + which, "/api/v1/invoices", invoiceBody(world, UUID.randomUUID()), Role.BC);
    }

    /// An invoice to a buyer abroad.
    static String export(World world) {
        stock(world);
        var abroad = UUID.fromString(world.once("outlet abroad", () -> {
            var id = UUID.randomUUID();
            world.network.transactions.shared(db -> db.sql("insert into network.outlet_registry (platform_outlet_id, registered_at) values (?, now())").param(id).update());
            world.network.transactions.write(world.owner.id(), db -> {
                db.sql("""
                        insert into network.outlet (distributor_id, id, platform_outlet_id, code, name, channel, outlet_class, registration, state_code, created_at, changed_at)
                        values (?, ?, ?, 'X-ABROAD', 'Buyer abroad', 'GROCER', 'A', 'EXPORT', '96', now(), now())""").params(world.owner.id(), id, id).update();
                return db.sql("insert into receivables.outlet_account (distributor_id, principal_id, outlet_id, credit_limit, credit_days) values (?, ?, ?, 1000000, 14)")
                        .params(world.owner.id(), world.network.principal, id).update();
            });
            return id.toString();
        }));
        var body = invoiceBody(world, UUID.randomUUID());
        body.put("outletId", abroad);
        return make(world, "invoice abroad", "/api/v1/invoices", body, Role.BC);
    }

    private static String collection(World world) {
        invoice(world, "listed");
        return make(world, "collection", "/api/v1/collections", collectionBody(world, UUID.randomUUID()), Role.BC);
    }

    private static String receipt(World world) {
        return make(world, "goods receipt", "/api/v1/goods-receipts", receiptBody(world, UUID.randomUUID(), "SB/1"), Role.GK);
    }

    private static Map<String, Object> noteBody(World world, UUID id) {
        var body = document(world, id);
        body.putAll(Map.of("outletId", world.owner.o1(), "warehouseId", world.owner.warehouse(), "reason", "came back",
                "lines", List.of(Map.of("line", 1, "skuId", world.network.skus.get("S3"), "qty", "2", "unitPrice", "84.00", "batchId", stock(world)))));
        return body;
    }

    /// The id of a posted credit note of the owner, to a registered outlet.
    static String creditNote(World world) {
        stock(world);
        return make(world, "credit note", "/api/v1/credit-notes", noteBody(world, UUID.randomUUID()), Role.BC);
    }

    private static Map<String, Object> document(World world, UUID id) {
        return new LinkedHashMap<>(Map.of("id", id, "distributorId", world.owner.id(), "principalId", world.network.principal, "businessDate", world.network.today().toString()));
    }

    private static Map<String, Object> orderBody(World world, UUID id) {
        var body = document(world, id);
        body.putAll(Map.of("outletId", world.owner.o1(), "warehouseId", world.owner.warehouse(), "lines", List.of(Map.of("line", 1, "skuId", world.network.skus.get("S3"), "qty", "12"))));
        return body;
    }

    private static Map<String, Object> invoiceBody(World world, UUID id) {
        var body = orderBody(world, id);
        body.putAll(Map.of("saleType", "DELIVERY", "paymentMode", "CREDIT", "lines", List.of(Map.of("line", 1, "skuId", world.network.skus.get("S3"), "qty", "12", "enteredQty", "1c"))));
        return body;
    }

    private static Map<String, Object> collectionBody(World world, UUID id) {
        var body = document(world, id);
        body.putAll(Map.of("outletId", world.owner.o1(), "mode", "CASH", "amount", "100.00"));
        return body;
    }

    private static Map<String, Object> receiptBody(World world, UUID id, String number) {
        var body = document(world, id);
        body.putAll(Map.of("warehouseId", world.owner.warehouse(), "principalInvoiceNumber", number, "principalInvoiceOn", world.network.today().minusDays(2).toString(),
                "lines", List.of(Map.ofEntries(Map.entry("line", 1), Map.entry("skuId", world.network.skus.get("S1")), Map.entry("batchNo", "R-" + number), Map.entry("mfgOn", world.network.today().minusDays(30).toString()),
                        Map.entry("expiresOn", world.network.today().plusDays(300).toString()), Map.entry("mrp", "40.00"), Map.entry("unitCost", "32.98"), Map.entry("billedQty", "72"), Map.entry("freeQty", "0"),
                        Map.entry("goodQty", "72"), Map.entry("damagedQty", "0"), Map.entry("shortQty", "0")))));
        return body;
    }
}
