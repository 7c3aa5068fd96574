package io.offtake.exchange.federation;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The records of the data contract that are taken in (domain 11.2), with their fields: one place for the check, the
/// guide and the sample files.
public enum RecordType {
    SALES_LINE("FC-1", "Secondary invoice or credit note line", List.of(
            text("doc_no", true), oneOf("doc_type", true, "INV", "CN", "DN", "FCN"), date("doc_date", true), text("doc_time", false), text("orig_doc_no", false), text("order_no", false),
            text("outlet_ext_id", true), text("buyer_tax_id", false), text("rep_id", false), text("beat_id", false), whole("line_no", true), text("sku_ext_id", true), text("gtin", false),
            text("batch", false), decimal("mrp", true), date("expiry", false), text("uom", true), decimal("qty_billed", true), decimal("qty_free", true), decimal("base_qty", true),
            decimal("list_price", true), decimal("line_disc", true), list("schemes", true), decimal("bill_disc_share", true), decimal("taxable", true), object("tax", true), decimal("total", true),
            decimal("doc_total", false), text("return_reason", false), text("irn", false), text("eway_no", false), text("delivery_status", false), date("delivered_at", false),
            text("payment_mode", false), flag("cancelled_flag", true)), Set.of("qty", "net", "tax", "gross")),
    STOCK("FC-2", "Stock snapshot", List.of(
            date("as_of", true), text("godown", true), text("sku_ext_id", true), text("gtin", false), text("batch", false), decimal("mrp", false), date("expiry", false),
            oneOf("bucket", true, "SALEABLE", "RESERVED", "IN_TRANSIT_OUT", "DAMAGED", "EXPIRED", "QUARANTINE", "BLOCKED", "VAN"), decimal("qty", true), decimal("value", false),
            decimal("in_transit_in", false)), Set.of("qty")),
    MOVEMENT("FC-3", "Stock movement", List.of(
            oneOf("type", true, "SALE", "SALES_RETURN", "RECEIPT", "TRANSFER_IN", "TRANSFER_OUT", "GAIN", "LOSS", "WRITE_OFF", "RETURN_TO_PRINCIPAL", "BUCKET"), date("date", true), text("doc_ref", true),
            text("godown", false), text("sku_ext_id", true), text("gtin", false), text("batch", false), text("from_bucket", false), text("to_bucket", false), decimal("qty", true)), Set.of("qty")),
    PRIMARY("FC-4", "Primary receipt", List.of(
            text("invoice_no", true), date("grn_date", true), text("sku_ext_id", true), text("gtin", false), text("batch", true), decimal("billed", true), decimal("received", true),
            decimal("short", true), decimal("damaged", true), decimal("value", false)), Set.of("qty")),
    RECEIVABLE("FC-6", "Receivable", List.of(
            text("outlet_ext_id", true), text("doc", true), date("date", true), date("due", true), decimal("open", true), text("mode", false)), Set.of("gross")),
    OUTLET("FC-7", "Outlet", List.of(
            text("outlet_ext_id", true), text("name", true), text("channel", true), text("class", true), text("address", true), text("pin", true), decimal("latitude", false), decimal("longitude", false),
            text("tax_id", false), oneOf("tax_id_type", true, "GSTIN", "UNREGISTERED", "VAT", "NONE"), text("phone", false), text("beat_id", true),
            oneOf("status", true, "PROSPECT", "ACTIVE", "DORMANT", "CLOSED", "BLOCKED"), date("created", true)), Set.of()),
    ACTIVITY("FC-8", "Order, visit or collection", List.of(
            oneOf("kind", true, "ORDER", "VISIT", "COLLECTION"), text("ref", true), date("date", true), text("outlet_ext_id", true), text("rep_id", false), text("beat_id", false), flag("planned", false),
            flag("productive", false), whole("line_no", false), text("sku_ext_id", false), text("gtin", false), decimal("qty_ordered", false), decimal("qty_delivered", false), decimal("price", false),
            date("promised_on", false), date("delivered_on", false), decimal("amount", false), text("mode", false)), Set.of("qty"));

    /// How a field is written.
    public enum Form { TEXT, DATE, DECIMAL, WHOLE, FLAG, ONE_OF, LIST, OBJECT }

    /// @param required marked * in the contract
    public record Field(String name, boolean required, Form form, List<String> oneOf) {}

    private final String code;
    private final String title;
    private final List<Field> fields;
    private final Map<String, Field> byName;
    private final Set<String> totals;

    RecordType(String code, String title, List<Field> fields, Set<String> totals) {
        this.code = code;
        this.title = title;
        this.fields = fields;
        this.byName = fields.stream().collect(java.util.stream.Collectors.toUnmodifiableMap(Field::name, field -> field));
        this.totals = totals;
    }

    /// As in the envelope: `FC-1`.
    public String code() {
        return code;
    }

    public String title() {
        return title;
    }

    public List<Field> fields() {
        return fields;
    }

    Optional<Field> field(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /// The control totals its envelope must carry.
    public Set<String> totals() {
        return totals;
    }

    /// Whether a record names an outlet.
    boolean ofOutlet() {
        return byName.containsKey("outlet_ext_id");
    }

    /// The field with the day the record belongs to; empty if its batch says it.
    String dayField() {
        return switch (this) {
            case SALES_LINE -> "doc_date";
            case STOCK -> "as_of";
            case PRIMARY -> "grn_date";
            case MOVEMENT, RECEIVABLE, ACTIVITY -> "date";
            // masters belong to the day of their batch
            case OUTLET -> "";
        };
    }

    public static Optional<RecordType> of(String code) {
        for (var type : values()) if (type.code.equals(code)) return Optional.of(type);
        return Optional.empty();
    }

    private static Field text(String name, boolean required) {
        return new Field(name, required, Form.TEXT, List.of());
    }

    private static Field date(String name, boolean required) {
        return new Field(name, required, Form.DATE, List.of());
    }

    private static Field decimal(String name, boolean required) {
        return new Field(name, required, Form.DECIMAL, List.of());
    }

    private static Field whole(String name, boolean required) {
        return new Field(name, required, Form.WHOLE, List.of());
    }

    private static Field flag(String name, boolean required) {
        return new Field(name, required, Form.FLAG, List.of());
    }

    private static Field list(String name, boolean required) {
        return new Field(name, required, Form.LIST, List.of());
    }

    private static Field object(String name, boolean required) {
        return new Field(name, required, Form.OBJECT, List.of());
    }

    private static Field oneOf(String name, boolean required, String... values) {
        return new Field(name, required, Form.ONE_OF, List.of(values));
    }
}
