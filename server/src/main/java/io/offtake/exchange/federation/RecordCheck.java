package io.offtake.exchange.federation;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Checks a batch against the data contract (domain 11.1, 11.2, 11.4), without looking at what was sent before. Each check
/// counts as passed or failed for the data-quality score (11.6).
final class RecordCheck {
    /// Amounts may differ by a rounding of the line.
    private static final BigDecimal CENTS = new BigDecimal("0.05");
    private static final BigDecimal RUPEE = BigDecimal.ONE;
    private static final BigDecimal COVERAGE = new BigDecimal("0.995");
    private static final Set<String> HEADS = Set.of("cgst", "sgst", "igst", "cess", "vat");
    private static final Set<String> OWN = Set.of("op", "revision", "source_uid");
    private static final Pattern NUMBER = Pattern.compile("^(.*?)(\\d{1,9})$");
    private static final int TEXT_MAX = 200;

    private RecordCheck() {}

    /// A SKU that a code stands for.
    ///
    /// @param rate of tax in force, as a fraction; null if none is known
    /// @param pts  price to stockist, for stock and receipts without a value
    record Sku(long id, long principalId, @Nullable BigDecimal rate, BigDecimal pts) {}

    /// What the codes of the source stand for.
    record Codes(Map<String, UUID> outlets, Map<String, Sku> skus, Map<String, Sku> gtins) {}

    enum Outcome { ACCEPTED, UNCHANGED, QUARANTINED, REJECTED, HELD }

    /// One record, read.
    ///
    /// @param line   place in the batch, 1 for the first
    /// @param key    natural key within the record type
    /// @param doc    what belongs together: bill, receipt, order; empty for snapshots
    /// @param value  what it weighs in currency, for the work queue and for restatements
    record Checked(int line, String key, String doc, int revision, boolean cancel, JsonNode body, @Nullable LocalDate day, @Nullable UUID outlet, @Nullable Sku sku, @Nullable String unknownOutlet,
                   @Nullable String unknownSku, BigDecimal value, List<FeedFault> faults) {
        Outcome outcome() {
            if (faults.stream().anyMatch(fault -> fault.severity() == FeedFault.Severity.ERROR)) return Outcome.REJECTED;
            return unknownOutlet != null || unknownSku != null ? Outcome.QUARANTINED : Outcome.ACCEPTED;
        }
    }

    /// How many of a kind of check were passed; `sample` is the first that was not.
    record Test(Quality.Part part, String clause, int passed, int tested, @Nullable String sample) {}

    /// @param blocking faults that keep the whole batch out
    /// @param told     faults of the batch that do not
    record Result(List<FeedFault> blocking, List<FeedFault> told, List<Checked> records, List<Test> tests) {}

    /// Counts checks by part and clause.
    private static final class Tally {
        private record Key(Quality.Part part, String clause) {}

        private final Map<Key, int[]> counts = new LinkedHashMap<>();
        private final Map<Key, String> samples = new HashMap<>();

        boolean test(Quality.Part part, String clause, boolean passed, String sample) {
            var key = new Key(part, clause);
            var count = counts.computeIfAbsent(key, _ -> new int[2]);
            count[1]++;
            if (passed) count[0]++;
            else samples.putIfAbsent(key, sample);
            return passed;
        }

        List<Test> all() {
            return counts.entrySet().stream().map(entry -> new Test(entry.getKey().part, entry.getKey().clause, entry.getValue()[0], entry.getValue()[1], samples.get(entry.getKey()))).toList();
        }
    }

    static Result check(Envelope envelope, List<? extends JsonNode> records, Codes codes, LocalDate today) {
        var blocking = new ArrayList<FeedFault>();
        var told = new ArrayList<FeedFault>();
        var tally = new Tally();
        if (!tally.test(Quality.Part.ACCURACY, "11.1.record_count", records.size() == envelope.recordCount(), envelope.recordCount() + " announced")) {
            blocking.add(FeedFault.error("11.1.record_count", "record_count", FaultText.COUNT.of("announced", envelope.recordCount(), "came", records.size()), FaultText.plain(records.size())));
        }
        var checked = new ArrayList<Checked>();
        for (int at = 0; at < records.size(); at++) checked.add(one(envelope, at + 1, records.get(at), codes, today, tally));
        totals(envelope, checked, tally, blocking, told);
        if (envelope.type() == RecordType.SALES_LINE) {
            headers(checked, tally);
            series(checked, tally, told);
        }
        duplicates(checked, tally);
        coverage(checked, told, tally);
        return new Result(List.copyOf(blocking), List.copyOf(told), List.copyOf(checked), tally.all());
    }

    private static Checked one(Envelope envelope, int line, JsonNode record, Codes codes, LocalDate today, Tally tally) {
        var type = envelope.type();
        var faults = new ArrayList<FeedFault>();
        if (!record.isObject()) {
            faults.add(FeedFault.error("11.1.record", "", FaultText.NO_OBJECT.of("line", line), FaultText.OBJECT_OF.of("type", type.code())));
            return new Checked(line, "#" + line, "", 1, false, record, null, null, null, null, null, BigDecimal.ZERO, faults);
        }
        var op = Fields.text(record.path("op"));
        if (!op.isEmpty() && !op.equals("UPSERT") && !op.equals("CANCEL")) faults.add(FeedFault.error("11.1.op", "op", FaultText.NOT_POSSIBLE.of("value", op), FaultText.plain("UPSERT, CANCEL")));
        boolean cancel = op.equals("CANCEL");
        int revision = 1;
        if (!Fields.isAbsent(record.path("revision"))) {
            var number = Fields.decimal(record.path("revision"));
            if (number == null || number.stripTrailingZeros().scale() > 0 || number.signum() <= 0 || number.compareTo(BigDecimal.valueOf(1_000_000)) > 0) {
                faults.add(FeedFault.error("11.3.revision", "revision", FaultText.NO_REVISION.of("value", Fields.text(record.path("revision"))), FaultText.plain("1, 2, 3, …")));
            } else {
                revision = number.intValue();
            }
        }
        var named = keyFields(type);
        boolean complete = true;
        for (var field : type.fields()) {
            var node = record.path(field.name());
            if (Fields.isAbsent(node) || field.form() == RecordType.Form.LIST && !node.isArray() || field.form() == RecordType.Form.OBJECT && !node.isObject()) {
                boolean needed = field.required() && (!cancel || named.contains(field.name())) || neededHere(type, field.name(), record) && !cancel;
                boolean elsewhere = field.name().equals("sku_ext_id") && !Fields.isAbsent(record.path("gtin"));
                if (needed && !elsewhere) {
                    complete = false;
                    faults.add(FeedFault.error(type.code() + "." + field.name(), field.name(), (Fields.isAbsent(node) ? FaultText.MISSING : FaultText.WRONG_FORM).of("field", field.name()), form(field)));
                }
                continue;
            }
            var wrong = wrong(field, node);
            if (wrong != null) faults.add(FeedFault.error(type.code() + "." + field.name(), field.name(), wrong, form(field)));
        }
        tally.test(Quality.Part.COMPLETENESS, "11.2.mandatory", complete, "record " + line);
        var strange = new TreeSet<String>();
        record.propertyNames().forEach(name -> {
            if (type.field(name).isEmpty() && !OWN.contains(name) && !name.startsWith("x_")) strange.add(name);
        });
        if (!strange.isEmpty()) faults.add(FeedFault.warning("GV-03.extension", strange.first(), FaultText.STRANGE.of("fields", String.join(", ", strange)), FaultText.CONTRACT_FIELDS.of()));
        var day = Fields.date(record.path(type.dayField()));
        if (day != null) {
            boolean inside = !day.isBefore(envelope.from()) && !day.isAfter(envelope.to());
            if (!inside) faults.add(FeedFault.error("11.1.period", type.dayField(), FaultText.OUTSIDE.of("day", day), FaultText.FROM_TO.of("from", envelope.from(), "to", envelope.to())));
            else if (day.isAfter(today)) faults.add(FeedFault.error(type.code() + "." + type.dayField(), type.dayField(), FaultText.FUTURE.of("day", day), FaultText.DAY_UP_TO.of("day", today)));
        }
        String unknownOutlet = null;
        UUID outlet = null;
        if (type.ofOutlet() && !Fields.isAbsent(record.path("outlet_ext_id"))) {
            var code = Fields.text(record.path("outlet_ext_id"));
            outlet = codes.outlets.get(code);
            if (outlet == null) unknownOutlet = code;
            tally.test(Quality.Part.MAPPING, "11.4.outlet_map", outlet != null, code);
        }
        String unknownSku = null;
        Sku sku = null;
        if (type.field("sku_ext_id").isPresent() && !(Fields.isAbsent(record.path("sku_ext_id")) && Fields.isAbsent(record.path("gtin")))) {
            var code = Fields.text(record.path("sku_ext_id"));
            var gtin = Fields.text(record.path("gtin"));
            sku = codes.skus.get(code);
            if (sku == null) sku = codes.gtins.get(gtin);
            if (sku == null) unknownSku = code.isEmpty() ? "GTIN:" + gtin : code;
            tally.test(Quality.Part.MAPPING, "11.4.sku_map", sku != null, code);
        }
        if (!cancel && faults.stream().noneMatch(fault -> fault.severity() == FeedFault.Severity.ERROR)) {
            switch (type) {
                case SALES_LINE -> salesLine(record, sku, faults, tally);
                case STOCK -> {
                    if (Fields.decimalOrZero(record.path("qty")).signum() < 0) faults.add(FeedFault.error("FC-2.qty", "qty", FaultText.STOCK_BELOW.of(), FaultText.ZERO_OR_MORE.of()));
                }
                case MOVEMENT -> movement(record, faults);
                case OUTLET -> outlet(record, faults, tally);
                case PRIMARY -> primary(record, faults, tally);
                case RECEIVABLE -> {
                    if (Fields.date(record.path("due")) instanceof LocalDate due && due.isBefore(day)) faults.add(FeedFault.error("FC-6.due", "due", FaultText.DUE_BEFORE.of("due", due, "day", day), FaultText.DAY_FROM.of("day", day)));
                }
                case ACTIVITY -> activity(record, faults, tally);
            }
        }
        return new Checked(line, key(type, record, envelope), doc(type, record), revision, cancel, record, day, outlet, sku, unknownOutlet, unknownSku, value(type, record), faults);
    }

    /// Fields that one kind of record needs although the contract does not mark them for all.
    private static boolean neededHere(RecordType type, String field, JsonNode record) {
        if (type == RecordType.SALES_LINE) return field.equals("orig_doc_no") && Fields.text(record.path("doc_type")).equals("CN");
        if (type != RecordType.ACTIVITY) return false;
        return switch (Fields.text(record.path("kind"))) {
            case "ORDER" -> Set.of("line_no", "sku_ext_id", "qty_ordered").contains(field);
            case "VISIT" -> field.equals("rep_id");
            case "COLLECTION" -> field.equals("amount");
            default -> false;
        };
    }

    private static FaultText.@Nullable Words wrong(RecordType.Field field, JsonNode node) {
        var text = node.isContainer() ? "" : Fields.text(node);
        return switch (field.form()) {
            case TEXT -> !node.isString() && !node.isNumber() ? FaultText.NO_TEXT.of("field", field.name()) : text.length() > TEXT_MAX ? FaultText.TOO_LONG.of("field", field.name(), "most", TEXT_MAX)
                    : text.chars().anyMatch(c -> c < 0x20) ? FaultText.CONTROL_CHARACTER.of("field", field.name()) : null;
            case DATE -> Fields.date(node) == null ? FaultText.NO_DAY.of("field", field.name(), "value", text) : null;
            case DECIMAL -> Fields.decimal(node) == null ? FaultText.NO_DECIMAL.of("field", field.name(), "value", text) : null;
            case WHOLE -> Fields.decimal(node) instanceof BigDecimal number && number.stripTrailingZeros().scale() <= 0 && number.signum() > 0 ? null : FaultText.NO_WHOLE.of("field", field.name(), "value", text);
            case FLAG -> Fields.flag(node) == null ? FaultText.NO_FLAG.of("field", field.name(), "value", text) : null;
            case ONE_OF -> field.oneOf().contains(text) ? null : FaultText.NONE_OF.of("field", field.name(), "value", text);
            case LIST -> {
                for (var item : node) if (Fields.isAbsent(item.path("scheme_id")) || Fields.decimal(item.path("benefit")) == null) yield FaultText.NO_SCHEMES.of("field", field.name());
                yield null;
            }
            case OBJECT -> {
                String bad = null;
                for (var entry : node.properties()) if (!HEADS.contains(entry.getKey()) || Fields.decimal(entry.getValue()) == null) bad = entry.getKey();
                yield bad != null ? FaultText.NO_HEAD.of("field", field.name(), "head", bad) : node.isEmpty() ? FaultText.HEADLESS.of("field", field.name()) : null;
            }
        };
    }

    private static FaultText.Words form(RecordType.Field field) {
        return switch (field.form()) {
            case TEXT -> FaultText.TEXT.of("most", TEXT_MAX);
            case DATE -> FaultText.DAY.of();
            case DECIMAL -> FaultText.DECIMAL.of();
            case WHOLE -> FaultText.WHOLE.of();
            case FLAG -> FaultText.FLAG.of();
            case ONE_OF -> FaultText.plain(String.join(", ", field.oneOf()));
            case LIST -> FaultText.SCHEMES.of();
            case OBJECT -> FaultText.HEADS.of();
        };
    }

    private static void salesLine(JsonNode record, @Nullable Sku sku, List<FeedFault> faults, Tally tally) {
        for (var name : List.of("qty_billed", "qty_free", "base_qty", "list_price", "line_disc", "bill_disc_share", "taxable", "total")) {
            if (Fields.decimalOrZero(record.path(name)).signum() < 0) faults.add(FeedFault.error("FC-1." + name, name, FaultText.BELOW_ZERO.of("field", name), FaultText.ZERO_OR_MORE_CN.of()));
        }
        if (Fields.decimalOrZero(record.path("mrp")).signum() <= 0) faults.add(FeedFault.error("FC-1.mrp", "mrp", FaultText.MRP_ZERO.of(), FaultText.PRINTED_MRP.of()));
        var billed = Fields.decimalOrZero(record.path("qty_billed"));
        if (billed.signum() > 0 && Fields.decimalOrZero(record.path("base_qty")).signum() <= 0) faults.add(FeedFault.error("FC-1.base_qty", "base_qty", FaultText.NO_BASE.of(), FaultText.BASE_OF.of()));
        else if (billed.signum() > 0 && "UNIT".equals(Fields.text(record.path("uom"))) && Fields.decimalOrZero(record.path("base_qty")).compareTo(billed) != 0) {
            faults.add(FeedFault.error("FC-1.uom", "uom", FaultText.UNIT_IS_ONE.of(), FaultText.TRUE_UNIT.of()));
        }
        if (faults.stream().anyMatch(fault -> fault.severity() == FeedFault.Severity.ERROR)) return;
        var taxable = Fields.decimalOrZero(record.path("taxable"));
        var expected = billed.multiply(Fields.decimalOrZero(record.path("list_price"))).subtract(Fields.decimalOrZero(record.path("line_disc"))).subtract(Fields.decimalOrZero(record.path("bill_disc_share")));
        if (!tally.test(Quality.Part.ACCURACY, "11.4.line", near(taxable, expected, CENTS), doc(RecordType.SALES_LINE, record))) {
            faults.add(FeedFault.error("11.4.line", "taxable", FaultText.LINE_OFF.of("taxable", taxable.toPlainString(), "expected", money(expected)), FaultText.plain(money(expected))));
        }
        var tax = tax(record);
        if (!tally.test(Quality.Part.ACCURACY, "11.4.total", near(Fields.decimalOrZero(record.path("total")), taxable.add(tax), CENTS), doc(RecordType.SALES_LINE, record))) {
            faults.add(FeedFault.error("11.4.total", "total", FaultText.TOTAL_OFF.of("total", Fields.text(record.path("total")), "expected", money(taxable.add(tax))), FaultText.plain(money(taxable.add(tax)))));
        }
        if (sku != null && sku.rate != null && !Fields.text(record.path("doc_type")).equals("FCN")) {
            var due = taxable.multiply(sku.rate);
            if (!tally.test(Quality.Part.ACCURACY, "11.4.tax", near(tax, due, RUPEE), doc(RecordType.SALES_LINE, record))) {
                faults.add(FeedFault.error("11.4.tax", "tax", FaultText.TAX_OFF.of("tax", tax.toPlainString(), "expected", money(due)), FaultText.plain(money(due) + " ± 1")));
            }
        }
        var benefit = benefit(record);
        var discounts = Fields.decimalOrZero(record.path("line_disc")).add(Fields.decimalOrZero(record.path("bill_disc_share")));
        if (!tally.test(Quality.Part.ACCURACY, "11.4.benefit", benefit.compareTo(discounts.add(CENTS)) <= 0, doc(RecordType.SALES_LINE, record))) {
            faults.add(FeedFault.error("11.4.benefit", "schemes", FaultText.BENEFIT_OFF.of("benefit", benefit.toPlainString(), "discounts", discounts.toPlainString()), FaultText.AT_MOST.of("most", discounts.toPlainString())));
        }
    }

    private static void primary(JsonNode record, List<FeedFault> faults, Tally tally) {
        var billed = Fields.decimalOrZero(record.path("billed"));
        var sum = Fields.decimalOrZero(record.path("received")).add(Fields.decimalOrZero(record.path("short"))).add(Fields.decimalOrZero(record.path("damaged")));
        if (!tally.test(Quality.Part.CONSISTENCY, "11.4.primary", billed.compareTo(sum) == 0, Fields.text(record.path("invoice_no")))) {
            faults.add(FeedFault.error("11.4.primary", "received", FaultText.PRIMARY_OFF.of("billed", billed.toPlainString(), "sum", sum.toPlainString()), FaultText.plain(billed.toPlainString())));
        }
    }

    private static void movement(JsonNode record, List<FeedFault> faults) {
        if (Fields.decimalOrZero(record.path("qty")).signum() <= 0) {
            faults.add(FeedFault.error("FC-3.qty", "qty", FaultText.MOVEMENT_ZERO.of(), FaultText.MOVED.of()));
        }
        var to = Fields.text(record.path("to_bucket"));
        if (Fields.text(record.path("type")).equals("BUCKET") && (to.isEmpty() || to.equals(Fields.text(record.path("from_bucket"))))) {
            faults.add(FeedFault.error("FC-3.to_bucket", "to_bucket", FaultText.SAME_BUCKET.of(), FaultText.OTHER_BUCKET.of()));
        }
    }

    private static void outlet(JsonNode record, List<FeedFault> faults, Tally tally) {
        boolean taxed = Fields.text(record.path("tax_id_type")).equals("GSTIN");
        if (!tally.test(Quality.Part.CONSISTENCY, "FC-7.tax_id", taxed != Fields.isAbsent(record.path("tax_id")), Fields.text(record.path("outlet_ext_id")))) {
            faults.add(FeedFault.error("FC-7.tax_id", "tax_id", taxed ? FaultText.NO_GSTIN.of() : FaultText.GSTIN_TOO_MUCH.of(), taxed ? FaultText.ITS_GSTIN.of() : FaultText.GSTIN_OR_NONE.of()));
        }
    }

    private static void activity(JsonNode record, List<FeedFault> faults, Tally tally) {
        if (!Fields.text(record.path("kind")).equals("ORDER")) return;
        var ordered = Fields.decimalOrZero(record.path("qty_ordered"));
        var delivered = Fields.decimalOrZero(record.path("qty_delivered"));
        if (!tally.test(Quality.Part.CONSISTENCY, "11.4.order", ordered.signum() > 0 && delivered.signum() >= 0, Fields.text(record.path("ref")))) {
            faults.add(FeedFault.error("FC-8.qty_ordered", "qty_ordered", FaultText.ORDER_ZERO.of(), FaultText.ORDERED.of()));
        }
    }

    static BigDecimal tax(JsonNode record) {
        var sum = BigDecimal.ZERO;
        for (var head : record.path("tax")) sum = sum.add(Fields.decimalOrZero(head));
        return sum;
    }

    static BigDecimal benefit(JsonNode record) {
        var sum = BigDecimal.ZERO;
        for (var scheme : record.path("schemes")) sum = sum.add(Fields.decimalOrZero(scheme.path("benefit")));
        return sum;
    }

    private static boolean near(BigDecimal one, BigDecimal other, BigDecimal by) {
        return one.subtract(other).abs().compareTo(by) <= 0;
    }

    private static String money(BigDecimal amount) {
        return amount.setScale(2, RoundingMode.HALF_UP).toPlainString();
    }

    /// Credit notes lower the totals of sales; cancellations count for nothing.
    private static BigDecimal summed(RecordType type, String total, Checked record) {
        var body = record.body;
        var sign = type == RecordType.SALES_LINE && Fields.text(body.path("doc_type")).matches("CN|FCN") ? BigDecimal.ONE.negate() : BigDecimal.ONE;
        return switch (type) {
            case SALES_LINE -> sign.multiply(switch (total) {
                case "qty" -> Fields.decimalOrZero(body.path("base_qty"));
                case "net" -> Fields.decimalOrZero(body.path("taxable"));
                case "tax" -> tax(body);
                default -> Fields.decimalOrZero(body.path("total"));
            });
            case STOCK, MOVEMENT -> Fields.decimalOrZero(body.path("qty"));
            case OUTLET -> BigDecimal.ZERO;
            case PRIMARY -> Fields.decimalOrZero(body.path("received"));
            case RECEIVABLE -> Fields.decimalOrZero(body.path("open"));
            case ACTIVITY -> Fields.decimalOrZero(body.path("qty_ordered"));
        };
    }

    private static Set<String> summedFields(RecordType type, String total) {
        return switch (type) {
            case SALES_LINE -> switch (total) {
                case "qty" -> Set.of("base_qty");
                case "net" -> Set.of("taxable");
                case "tax" -> Set.of("tax");
                default -> Set.of("total");
            };
            case STOCK, MOVEMENT -> Set.of("qty");
            case OUTLET -> Set.of();
            case PRIMARY -> Set.of("received");
            case RECEIVABLE -> Set.of("open");
            case ACTIVITY -> Set.of("qty_ordered");
        };
    }

    private static void totals(Envelope envelope, List<Checked> records, Tally tally, List<FeedFault> blocking, List<FeedFault> told) {
        for (var total : new TreeSet<>(envelope.type().totals())) {
            var announced = envelope.totals().getOrDefault(total, BigDecimal.ZERO);
            var fields = summedFields(envelope.type(), total);
            var unread = records.stream().anyMatch(record -> record.faults.stream().anyMatch(fault -> fault.clause().equals("11.1.record") || fault.clause().startsWith(envelope.type().code() + ".") && fields.contains(fault.field())));
            if (unread) {
                told.add(FeedFault.warning("11.1.control_totals." + total, "control_totals." + total, FaultText.NOT_VERIFIED.of(), null));
                continue;
            }
            var sum = records.stream().filter(record -> !record.cancel).map(record -> summed(envelope.type(), total, record)).reduce(BigDecimal.ZERO, BigDecimal::add);
            if (!tally.test(Quality.Part.ACCURACY, "11.1.control_totals", near(sum, announced, new BigDecimal("0.01")), total)) {
                blocking.add(FeedFault.error("11.1.control_totals." + total, "control_totals." + total, FaultText.CONTROL_OFF.of("total", total, "announced", announced.toPlainString(), "sum", sum.toPlainString()), FaultText.plain(sum.toPlainString())));
            }
        }
    }

    /// The lines of a bill sum to its header, but for the rounding of the document.
    private static void headers(List<Checked> records, Tally tally) {
        var sums = new HashMap<String, BigDecimal>();
        for (var record : records) if (!record.cancel) sums.merge(record.doc, Fields.decimalOrZero(record.body.path("total")), BigDecimal::add);
        for (var record : records) {
            var header = Fields.decimal(record.body.path("doc_total"));
            if (record.cancel || header == null) continue;
            var sum = sums.getOrDefault(record.doc, BigDecimal.ZERO);
            if (!tally.test(Quality.Part.ACCURACY, "11.4.header", near(sum, header, RUPEE), record.doc)) {
                record.faults.add(FeedFault.error("11.4.header", "doc_total", FaultText.HEADER_OFF.of("doc", record.doc, "sum", sum.toPlainString(), "header", header.toPlainString()), FaultText.plain(sum.toPlainString())));
            }
        }
    }

    /// Numbers of a series that are missing between the lowest and the highest of the batch.
    private static void series(List<Checked> records, Tally tally, List<FeedFault> told) {
        var series = new TreeMap<String, TreeSet<Long>>();
        for (var record : records) {
            var type = Fields.text(record.body.path("doc_type"));
            var number = NUMBER.matcher(Fields.text(record.body.path("doc_no")));
            if (number.matches()) series.computeIfAbsent(type + " " + number.group(1), _ -> new TreeSet<>()).add(Long.valueOf(number.group(2)));
        }
        series.forEach((name, numbers) -> {
            var gaps = new ArrayList<String>();
            Long before = null;
            for (var number : numbers) {
                if (before != null && number - before > 1 && gaps.size() < 10) gaps.add(number - before == 2 ? Long.toString(before + 1) : (before + 1) + "–" + (number - 1));
                before = number;
            }
            if (!tally.test(Quality.Part.CONSISTENCY, "11.4.series", gaps.isEmpty(), name)) told.add(FeedFault.warning("11.4.series", "doc_no", FaultText.GAPS.of("series", name, "numbers", String.join(", ", gaps)), FaultText.CONSECUTIVE.of()));
        });
    }

    private static void duplicates(List<Checked> records, Tally tally) {
        var seen = new HashMap<String, Checked>();
        for (var record : records) {
            var before = seen.putIfAbsent(record.key + "\u0000" + record.revision, record);
            boolean once = before == null;
            tally.test(Quality.Part.UNIQUENESS, "11.1.key", once, record.key);
            if (!once) record.faults.add(FeedFault.error("11.1.key", "", FaultText.TWICE.of("key", record.key, "line", before.line), FaultText.ONCE.of()));
        }
    }

    private static void coverage(List<Checked> records, List<FeedFault> told, Tally tally) {
        for (boolean outlets : new boolean[] {true, false}) {
            var of = records.stream().filter(record -> outlets ? record.outlet != null || record.unknownOutlet != null : record.sku != null || record.unknownSku != null).toList();
            if (of.isEmpty()) continue;
            long mapped = of.stream().filter(record -> outlets ? record.outlet != null : record.sku != null).count();
            var share = BigDecimal.valueOf(mapped).divide(BigDecimal.valueOf(of.size()), 6, RoundingMode.HALF_UP);
            if (!tally.test(Quality.Part.MAPPING, "11.4.coverage", share.compareTo(COVERAGE) >= 0, outlets ? "outlets" : "SKUs")) {
                told.add(FeedFault.warning("11.4.coverage", outlets ? "outlet_ext_id" : "sku_ext_id", (outlets ? FaultText.OUTLETS_KNOWN : FaultText.SKUS_KNOWN).of("mapped", mapped, "of", of.size()), FaultText.MAPPED_SHARE.of()));
            }
        }
    }

    private static Set<String> keyFields(RecordType type) {
        return switch (type) {
            case SALES_LINE -> Set.of("doc_no", "doc_type", "doc_date", "line_no");
            case STOCK -> Set.of("as_of", "godown", "sku_ext_id", "bucket");
            case MOVEMENT -> Set.of("type", "date", "doc_ref", "sku_ext_id");
            case OUTLET -> Set.of("outlet_ext_id");
            case PRIMARY -> Set.of("invoice_no", "grn_date", "sku_ext_id", "batch");
            case RECEIVABLE -> Set.of("outlet_ext_id", "doc", "date");
            case ACTIVITY -> Set.of("kind", "ref", "date");
        };
    }

    /// Bill numbers begin again with each fiscal year, so the year is part of the key. A snapshot's records belong to its day.
    private static String key(RecordType type, JsonNode body, Envelope envelope) {
        var day = Fields.date(body.path(type.dayField()));
        var goods = Fields.text(body.path("sku_ext_id")).isEmpty() ? "GTIN:" + Fields.text(body.path("gtin")) : Fields.text(body.path("sku_ext_id"));
        var text = switch (type) {
            case SALES_LINE -> Fields.text(body.path("doc_type")) + "/" + (day == null ? "" : "FY" + (day.getMonthValue() >= 4 ? day.getYear() : day.getYear() - 1)) + "/" + Fields.text(body.path("doc_no")) + "/" + Fields.text(body.path("line_no"));
            case STOCK -> day + "/" + Fields.text(body.path("godown")) + "/" + goods + "/" + Fields.text(body.path("batch")) + "/" + Fields.text(body.path("mrp")) + "/" + Fields.text(body.path("bucket"));
            case MOVEMENT -> String.join("/", String.valueOf(day), Fields.text(body.path("type")), Fields.text(body.path("doc_ref")), goods, Fields.text(body.path("batch")), Fields.text(body.path("from_bucket")), Fields.text(body.path("to_bucket")));
            case OUTLET -> Fields.text(body.path("outlet_ext_id"));
            case PRIMARY -> Fields.text(body.path("invoice_no")) + "/" + goods + "/" + Fields.text(body.path("batch"));
            case RECEIVABLE -> envelope.to() + "/" + Fields.text(body.path("outlet_ext_id")) + "/" + Fields.text(body.path("doc"));
            case ACTIVITY -> Fields.text(body.path("kind")) + "/" + Fields.text(body.path("ref")) + "/" + Fields.text(body.path("line_no"));
        };
        return text.length() > 300 ? text.substring(0, 300) : text;
    }

    static String doc(RecordType type, JsonNode body) {
        return switch (type) {
            case SALES_LINE -> {
                var day = Fields.date(body.path("doc_date"));
                yield Fields.text(body.path("doc_type")) + "/" + (day == null ? "" : "FY" + (day.getMonthValue() >= 4 ? day.getYear() : day.getYear() - 1)) + "/" + Fields.text(body.path("doc_no"));
            }
            case PRIMARY -> Fields.text(body.path("invoice_no"));
            case ACTIVITY -> Fields.text(body.path("kind")) + "/" + Fields.text(body.path("ref"));
            case MOVEMENT -> Fields.text(body.path("doc_ref"));
            case OUTLET -> Fields.text(body.path("outlet_ext_id"));
            case STOCK, RECEIVABLE -> "";
        };
    }

    private static BigDecimal value(RecordType type, JsonNode body) {
        return switch (type) {
            case SALES_LINE -> Fields.decimalOrZero(body.path("total"));
            case STOCK, PRIMARY -> Fields.decimalOrZero(body.path("value"));
            case MOVEMENT, OUTLET -> BigDecimal.ZERO;
            case RECEIVABLE -> Fields.decimalOrZero(body.path("open"));
            case ACTIVITY -> Fields.decimalOrZero(body.path("qty_ordered")).multiply(Fields.decimalOrZero(body.path("price")));
        };
    }
}
