package io.offtake.rules.web;

import io.offtake.rules.CommandJson;
import io.offtake.rules.DecideCommand;
import io.offtake.rules.Doors;
import io.offtake.rules.Gstin;
import io.offtake.rules.Json;
import io.offtake.rules.Money;
import io.offtake.rules.PostingJson;
import io.offtake.rules.QuantityEntry;
import io.offtake.rules.Qty;
import org.teavm.jso.JSExport;

/// The exports of the module. A text that is no proper book or command throws an `Error` whose message names the JSON pointer.
public final class Main {
    private Main() {}

    /// The compiler wants a program; a module has none.
    public static void main(String[] arguments) {}

    /// Indexes a rule book. The handle stays valid until [#release].
    @JSExport
    public static int open(String snapshot) {
        return Books.open(snapshot);
    }

    /// Forgets a rule book. Releasing twice does no harm.
    @JSExport
    public static void release(int handle) {
        Books.release(handle);
    }

    /// Decides a command; the answer is refused or decided, as `spec/README.md` says.
    @JSExport
    public static String decide(int handle, String command) {
        return Books.decide(handle, command);
    }

    /// Reads a typed quantity (`24`, `2c6`, `1d`) of a SKU: `{"qty":"150","text":"2c 6"}` or `{"error":{code, values, accepted}}`.
    @JSExport
    public static String parseQuantity(int handle, String skuId, String text) {
        return Books.parseQuantity(handle, skuId, text);
    }

    /// A base quantity in the SKU's larger units: `185` is `2c 3i 5`.
    @JSExport
    public static String formatQuantity(int handle, String skuId, String qty) {
        var sku = Books.engine(handle).sku(skuId);
        return sku == null ? qty : QuantityEntry.format(sku, Qty.parse(qty));
    }

    /// The list price of a SKU for an outlet before schemes, `{unitPrice, taxInclusive, priceListId, priceListVersion, level, taxRate}` or `null`.
    /// The request is a command's `{businessDate, outlet}` with `skuId` and, optionally, `mrp`.
    @JSExport
    public static String price(int handle, String request) {
        var engine = Books.engine(handle);
        var node = Json.object(request);
        int scale = engine.book().currency().scale();
        DecideCommand.Outlet outlet = CommandJson.outlet(node.node("outlet"), scale);
        Money mrp = node.moneyOrNull("mrp", scale);
        var quote = engine.price(node.text("skuId"), outlet, node.integer("businessDate"), mrp);
        if (quote == null) return "null";
        return new Json.Writer(160).openObject().text("unitPrice", quote.unitPrice()).flag("taxInclusive", quote.taxInclusive())
                .text("priceListId", quote.priceListId()).number("priceListVersion", quote.priceListVersion()).number("level", quote.level())
                .text("taxRate", quote.taxRate()).closeObject().toString();
    }

    /// What a document does to the ledgers ([PostingJson]).
    @JSExport
    public static String post(int handle, String request) {
        return PostingJson.answer(Books.engine(handle), request);
    }

    /// A return, an accrual, a settlement, a set-up check or a hash ([Doors]).
    @JSExport
    public static String call(int handle, String name, String request) {
        return Doors.answer(Books.engine(handle), name, request);
    }

    /// Whether a text is a taxpayer's GSTIN with the right check character (IN-01).
    @JSExport
    public static boolean isGstin(String text) {
        return Gstin.isValid(text);
    }
}
