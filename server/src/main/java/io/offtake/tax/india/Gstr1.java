package io.offtake.tax.india;

import io.offtake.tax.TaxRows;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The return of outward supplies (IN-50) of one registration and month, added up from posted documents: the tables as people
/// read them, and the file as the portal takes it. Amounts of notes count against sales. Months that were filed are never
/// changed: what came in late or was cancelled since is stated by a later month, in its own tables or as an amendment.
///
/// @param entries          document by document, one for each rate, with the table it stands in; late ones keep their date
/// @param amended          tables 9A and 9C
/// @param consumersAmended table 10
/// @param shipments        what customs have said of the exports in it, by document
/// @param reshipped        exports of filed months whose shipping bill became known since: stated again in table 9A, with what they were
public record Gstr1(String gstin, String state, YearMonth month, List<Entry> entries, List<Consumers> consumers, List<Untaxed> untaxed, List<TaxRows.Goods> goods, List<Issued> issued,
                    List<Amended> amended, List<ConsumersAmended> consumersAmended, Map<UUID, ExportDetails> shipments, List<Entry> reshipped) {
    /// A month that was kept before exports had shipping bills has none.
    public Gstr1 {
        shipments = shipments == null ? Map.of() : Map.copyOf(shipments);
        reshipped = reshipped == null ? List.of() : List.copyOf(reshipped);
    }

    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("dd-MM-uuuu", java.util.Locale.ROOT);
    private static final BigDecimal ZERO = new BigDecimal("0.00");
    static final Map<Integer, String> NATURES = Map.of(1, "Invoices for outward supply", 4, "Debit Note", 5, "Credit Note", 12, "Delivery Challan in cases other than by way of supply");
    private static final BigDecimal HUNDRED = new BigDecimal(100);

    public record Heads(BigDecimal taxable, BigDecimal igst, BigDecimal cgst, BigDecimal sgst, BigDecimal cess) {
        public static final Heads NONE = new Heads(ZERO, ZERO, ZERO, ZERO, ZERO);

        /// @param sign 1 adds, −1 takes away
        public Heads plus(Heads other, int sign) {
            var times = BigDecimal.valueOf(sign);
            return new Heads(taxable.add(other.taxable.multiply(times)), igst.add(other.igst.multiply(times)), cgst.add(other.cgst.multiply(times)), sgst.add(other.sgst.multiply(times)),
                    cess.add(other.cess.multiply(times)));
        }

        public static Heads of(TaxRows.Row row) {
            return new Heads(row.taxable(), row.igst(), row.cgst(), row.sgst(), row.cess());
        }
    }

    /// A document's share at one rate in a table that lists documents. `sign` is −1 for a credit note.
    public record Entry(Section section, TaxRows.Row row, int sign) {
        Heads heads() {
            return Heads.of(row);
        }
    }

    /// Table 7: small consumer bills by place and rate, net of notes.
    public record Consumers(String place, boolean interState, BigDecimal rate, Heads heads) {}

    /// Tables 9A and 9C: a document's share at one rate as an earlier month stated it; since it was cancelled it is stated as
    /// nothing. `sign` is −1 for a credit note.
    public record Amended(Section section, TaxRows.Row row, int sign) {}

    /// Table 10: a line of table 7 of an earlier month, as it was stated and as it is.
    public record ConsumersAmended(YearMonth month, String place, boolean interState, BigDecimal rate, Heads original, Heads revised) {
        Heads difference() {
            return revised.plus(original, -1);
        }
    }

    /// What became known of filed months after they were filed.
    ///
    /// @param late   documents that no return states, none of them cancelled
    /// @param undone what returns state of documents that were cancelled since
    /// @param stated  table 7 of the months concerned, as last stated
    /// @param shipped what returns state of exports whose shipping bill became known since
    public record Restated(List<TaxRows.Row> late, List<TaxRows.Row> undone, Map<YearMonth, List<Consumers>> stated, List<TaxRows.Row> shipped) {
        public static final Restated NONE = new Restated(List.of(), List.of(), Map.of());

        public Restated(List<TaxRows.Row> late, List<TaxRows.Row> undone, Map<YearMonth, List<Consumers>> stated) {
            this(late, undone, stated, List.of());
        }
    }

    /// Table 8, net of notes.
    public record Untaxed(String supplyType, BigDecimal exempt, BigDecimal nil, BigDecimal nonGst) {}

    /// Table 13: one unbroken run of a series.
    ///
    /// @param nature 1 invoices, 4 debit notes, 5 credit notes, 12 delivery challans
    public record Issued(int nature, String from, String to, int total, int cancelled) {
        public int net() {
            return total - cancelled;
        }
    }

    /// One line of what stands in a table.
    ///
    /// @param documents documents, or lines where a table lists none
    /// @param state     FILLED; EMPTY: nothing of this month belongs there; NOT_APPLICABLE: this product makes nothing that does
    /// @param reason    why it is not applicable, as a code the screens translate
    public record Table(String table, String section, int documents, Heads heads, String state, @Nullable String reason) {
        boolean isFilled() {
            return state.equals("FILLED");
        }
    }

    public static Gstr1 of(String gstin, String state, YearMonth month, List<TaxRows.Row> rows, Restated restated, List<TaxRows.Goods> goods, List<Issued> issued, Law law) {
        return of(gstin, state, month, rows, restated, goods, issued, law, Map.of());
    }

    /// @param shipments what customs have said of exports, by document
    public static Gstr1 of(String gstin, String state, YearMonth month, List<TaxRows.Row> rows, Restated restated, List<TaxRows.Goods> goods, List<Issued> issued, Law law, Map<UUID, ExportDetails> shipments) {
        var entries = new ArrayList<Entry>();
        var consumers = new TreeMap<String, Consumers>();
        var untaxed = new TreeMap<String, Untaxed>();
        var paying = paying(rows, restated);
        for (var row : rows) {
            if (row.cancelled()) continue;
            int sign = sign(row);
            if (isUntaxed(row)) {
                untaxed(untaxed, row, sign);
                continue;
            }
            var section = section(row, paying, law);
            if (section == Section.B2CS) add(consumers, row, sign);
            else entries.add(new Entry(section, row, sign));
        }
        var amended = new ArrayList<Amended>();
        var changes = new TreeMap<YearMonth, TreeMap<String, Consumers>>();
        for (var row : restated.late) {
            if (isUntaxed(row)) {
                untaxed(untaxed, row, sign(row));
                continue;
            }
            var section = section(row, paying, law);
            if (section == Section.B2CS) add(changes.computeIfAbsent(YearMonth.from(row.date()), _ -> new TreeMap<>()), row, sign(row));
            else entries.add(new Entry(section, row, sign(row)));
        }
        for (var row : restated.undone) {
            if (isUntaxed(row)) {
                untaxed(untaxed, row, -sign(row));
                continue;
            }
            var section = section(row, paying, law);
            if (section == Section.B2CS) add(changes.computeIfAbsent(YearMonth.from(row.date()), _ -> new TreeMap<>()), row, -sign(row));
            else amended.add(new Amended(section.amended(), row, sign(row)));
        }
        var consumersAmended = new ArrayList<ConsumersAmended>();
        changes.forEach((of, lines) -> {
            var stated = new TreeMap<String, Heads>();
            for (var one : restated.stated.getOrDefault(of, List.of())) stated.put(key(one), one.heads);
            lines.forEach((key, change) -> {
                var original = stated.getOrDefault(key, Heads.NONE);
                consumersAmended.add(new ConsumersAmended(of, change.place, change.interState, change.rate, original, original.plus(change.heads, 1)));
            });
        });
        return new Gstr1(gstin, state, month, List.copyOf(entries), List.copyOf(consumers.values()), List.copyOf(untaxed.values()), List.copyOf(goods), List.copyOf(issued), List.copyOf(amended),
                List.copyOf(consumersAmended), shipments, restated.shipped.stream().map(row -> new Entry(section(row, paying, law), row, 1)).toList());
    }

    private static int sign(TaxRows.Row row) {
        return row.kind().equals("CREDIT_NOTE") ? -1 : 1;
    }

    private static void untaxed(Map<String, Untaxed> to, TaxRows.Row row, int sign) {
        var type = (row.interState() ? "INTR" : "INTRA") + (row.buyerGstin() == null ? "B2C" : "B2B");
        var amount = row.taxable().multiply(BigDecimal.valueOf(sign));
        to.merge(type, new Untaxed(type, row.taxKind().equals("EXEMPT") ? amount : ZERO, row.taxKind().equals("NIL") ? amount : ZERO, row.taxKind().equals("NON_GST") ? amount : ZERO),
                (one, other) -> new Untaxed(type, one.exempt.add(other.exempt), one.nil.add(other.nil), one.nonGst.add(other.nonGst)));
    }

    private static void add(Map<String, Consumers> to, TaxRows.Row row, int sign) {
        var one = new Consumers(row.placeOfSupply(), row.interState(), row.rate(), Heads.NONE.plus(Heads.of(row), sign));
        to.merge(key(one), one, (before, more) -> new Consumers(before.place, before.interState, before.rate, before.heads.plus(more.heads, 1)));
    }

    private static String key(Consumers one) {
        return one.place + " " + one.interState + " " + percent(one.rate).toPlainString();
    }

    /// Table 7 of a month after this return: what it stated of that month, its own table or a correction in table 10, over what was
    /// stated before.
    public List<Consumers> consumersOf(YearMonth of, List<Consumers> before) {
        var lines = new TreeMap<String, Consumers>();
        for (var one : of.equals(month) ? consumers : before) lines.put(key(one), one);
        for (var one : consumersAmended) {
            if (!one.month.equals(of)) continue;
            var line = new Consumers(one.place, one.interState, one.rate, one.revised);
            lines.put(key(line), line);
        }
        return List.copyOf(lines.values());
    }

    /// A supply to an SEZ unit or abroad: zero-rated whatever the goods (IGST s.16), so never among nil-rated and exempt ones.
    static boolean isZeroRated(TaxRows.Row row) {
        return row.buyerRegistration().equals("SEZ") || row.buyerRegistration().equals("EXPORT");
    }

    private static boolean isUntaxed(TaxRows.Row row) {
        return !row.taxKind().equals("TAXABLE") && !isZeroRated(row);
    }

    /// Documents that charge tax on something: "with payment" is said of a document, not of a rate.
    private static Set<UUID> paying(List<TaxRows.Row> rows, Restated restated) {
        var found = new HashSet<UUID>();
        for (var list : List.of(rows, restated.late, restated.undone, restated.shipped)) for (var row : list) if (row.taxKind().equals("TAXABLE")) found.add(row.id());
        return found;
    }

    private static Section.Buyer buyer(TaxRows.Row row) {
        return switch (row.buyerRegistration()) {
            case "SEZ" -> Section.Buyer.SEZ;
            case "EXPORT" -> Section.Buyer.FOREIGN;
            case "DEEMED_EXPORT" -> Section.Buyer.DEEMED_EXPORT;
            default -> row.buyerGstin() == null ? Section.Buyer.UNREGISTERED : Section.Buyer.REGISTERED;
        };
    }

    private static Section section(TaxRows.Row row, Set<UUID> paying, Law law) {
        var buyer = buyer(row);
        boolean note = !row.kind().equals("INVOICE");
        var value = note && row.originalPayable() != null ? row.originalPayable() : row.payable();
        var supplied = note && row.originalDate() != null ? row.originalDate() : row.date();
        // a note on no invoice of a consumer is netted with the small bills
        if (note && row.originalPayable() == null && buyer == Section.Buyer.UNREGISTERED) return Section.B2CS;
        return Section.of(note ? Section.Paper.NOTE : Section.Paper.INVOICE, buyer, row.interState(), false, paying.contains(row.id()), false, value, supplied, law);
    }

    /// What stands in each table, all tables of the return in their order, for the screen. Tables 12 and 13 tell the same again.
    public List<Table> tables() {
        var found = new ArrayList<Table>();
        var bySection = new EnumMap<Section, List<Entry>>(Section.class);
        for (var entry : entries) bySection.computeIfAbsent(entry.section, _ -> new ArrayList<>()).add(entry);
        var amendedBySection = new EnumMap<Section, List<Amended>>(Section.class);
        for (var one : amended) amendedBySection.computeIfAbsent(one.section, _ -> new ArrayList<>()).add(one);
        listed(found, bySection, Section.B2B);
        none(found, "4B", Section.B2B_REVERSE_CHARGE.name(), "FORWARD_CHARGE");
        listed(found, bySection, Section.B2CL);
        listed(found, bySection, Section.EXPORT_WITH_PAYMENT);
        listed(found, bySection, Section.EXPORT_WITHOUT_PAYMENT);
        listed(found, bySection, Section.SEZ);
        listed(found, bySection, Section.SEZ_WITHOUT_PAYMENT);
        listed(found, bySection, Section.DEEMED_EXPORT);
        var small = Heads.NONE;
        for (var one : consumers) small = small.plus(one.heads, 1);
        table(found, "7", Section.B2CS.name(), consumers.size(), small);
        table(found, "8", Section.NIL_EXEMPT.name(), untaxed.size(), new Heads(untaxedTotal(), ZERO, ZERO, ZERO, ZERO));
        corrected(found, amendedBySection, Section.B2BA);
        corrected(found, amendedBySection, Section.B2CLA);
        corrected(found, amendedBySection, Section.EXPA, (int) reshipped.stream().map(one -> one.row.id()).distinct().count());
        listed(found, bySection, Section.CDNR);
        listed(found, bySection, Section.CDNUR);
        corrected(found, amendedBySection, Section.CDNRA);
        corrected(found, amendedBySection, Section.CDNURA);
        var difference = Heads.NONE;
        for (var one : consumersAmended) difference = difference.plus(one.difference(), 1);
        table(found, "10", Section.B2CSA.name(), consumersAmended.size(), difference);
        none(found, "11A", "ADVANCES", "ADVANCES_UNTAXED");
        none(found, "11B", "ADVANCES_ADJUSTED", "ADVANCES_UNTAXED");
        for (var registered : List.of(true, false)) {
            var lines = goods.stream().filter(one -> one.registered() == registered).toList();
            var heads = Heads.NONE;
            for (var one : lines) heads = heads.plus(of(one), 1);
            table(found, "12", registered ? "HSN_B2B" : "HSN_B2C", lines.size(), heads);
        }
        table(found, "13", "DOCUMENTS", issued.stream().mapToInt(Issued::net).sum(), Heads.NONE);
        none(found, "14", "THROUGH_OPERATOR", "NO_OPERATOR");
        none(found, "15", "AS_OPERATOR", "NO_OPERATOR");
        return List.copyOf(found);
    }

    private static void listed(List<Table> to, Map<Section, List<Entry>> entries, Section section) {
        var list = entries.getOrDefault(section, List.of());
        var heads = Heads.NONE;
        for (var entry : list) heads = heads.plus(entry.heads(), entry.sign);
        table(to, section.table(), section.name(), (int) list.stream().map(entry -> entry.row.id()).distinct().count(), heads);
    }

    private static void corrected(List<Table> to, Map<Section, List<Amended>> amended, Section section) {
        corrected(to, amended, section, 0);
    }

    /// @param more documents stated again with what they were
    private static void corrected(List<Table> to, Map<Section, List<Amended>> amended, Section section, int more) {
        var list = amended.getOrDefault(section, List.of());
        var heads = Heads.NONE;
        for (var one : list) heads = heads.plus(Heads.of(one.row), -one.sign);
        table(to, section.table(), section.name(), more + (int) list.stream().map(one -> one.row.id()).distinct().count(), heads);
    }

    private static void table(List<Table> to, String table, String section, int documents, Heads heads) {
        to.add(new Table(table, section, documents, heads, documents == 0 ? "EMPTY" : "FILLED", null));
    }

    private static void none(List<Table> to, String table, String section, String reason) {
        to.add(new Table(table, section, 0, Heads.NONE, "NOT_APPLICABLE", reason));
    }

    private static Heads of(TaxRows.Goods goods) {
        return new Heads(goods.taxable(), goods.igst(), goods.cgst(), goods.sgst(), goods.cess());
    }

    private BigDecimal untaxedTotal() {
        return untaxed.stream().map(one -> one.exempt.add(one.nil).add(one.nonGst)).reduce(ZERO, BigDecimal::add);
    }

    /// Tax on all tables, notes and amendments taken in: what 3B shows and the books must say.
    public Heads total() {
        var heads = Heads.NONE;
        for (var entry : entries) heads = heads.plus(entry.heads(), entry.sign);
        for (var one : consumers) heads = heads.plus(one.heads, 1);
        for (var one : amended) heads = heads.plus(Heads.of(one.row), -one.sign);
        for (var one : consumersAmended) heads = heads.plus(one.difference(), 1);
        return heads;
    }

    /// All tables of documents less table 12, which tells the same by goods: all zero.
    public Heads goodsDifference() {
        var total = total();
        var heads = new Heads(total.taxable.add(untaxedTotal()), total.igst, total.cgst, total.sgst, total.cess);
        for (var one : goods) heads = heads.plus(of(one), -1);
        return heads;
    }

    /// Goods of two lists, line by line.
    ///
    /// @param sign 1 adds the other list, −1 takes it away
    public static List<TaxRows.Goods> goods(List<TaxRows.Goods> list, List<TaxRows.Goods> other, int sign) {
        var lines = new TreeMap<String, TaxRows.Goods>();
        for (var one : list) lines.put(key(one), one);
        var times = BigDecimal.valueOf(sign);
        for (var one : other) {
            var none = lines.getOrDefault(key(one), new TaxRows.Goods(one.hsn(), one.rate(), one.unit(), one.registered(), ZERO, ZERO, ZERO, ZERO, ZERO, ZERO));
            lines.put(key(one), new TaxRows.Goods(one.hsn(), one.rate(), one.unit(), one.registered(), none.qty().add(one.qty().multiply(times)), none.taxable().add(one.taxable().multiply(times)),
                    none.cgst().add(one.cgst().multiply(times)), none.sgst().add(one.sgst().multiply(times)), none.igst().add(one.igst().multiply(times)), none.cess().add(one.cess().multiply(times))));
        }
        return List.copyOf(lines.values());
    }

    private static String key(TaxRows.Goods one) {
        return one.hsn() + " " + percent(one.rate()).toPlainString() + " " + one.unit() + " " + one.registered();
    }

    // ---- the file of the portal

    public ObjectNode file() {
        var root = Inv01.JSON.createObjectNode();
        root.put("gstin", gstin).put("fp", two(month.getMonthValue()) + month.getYear()).put("version", "GST3.2").put("hash", "hash");
        invoices(root.putArray("b2b"), REGISTERED);
        b2cl(root.putArray("b2cl"));
        exports(root);
        var small = root.putArray("b2cs");
        for (var one : consumers) {
            var node = small.addObject();
            node.put("sply_ty", one.interState ? "INTER" : "INTRA").put("pos", one.place).put("typ", "OE").put("rt", percent(one.rate)).put("txval", one.heads.taxable);
            heads(node, one.heads, one.interState);
        }
        notes(root.putArray("cdnr"), Section.CDNR);
        unregisteredNotes(root.putArray("cdnur"));
        corrections(root);
        var nil = root.putObject("nil").putArray("inv");
        for (var one : untaxed) nil.addObject().put("sply_ty", one.supplyType).put("expt_amt", one.exempt).put("nil_amt", one.nil).put("ngsup_amt", one.nonGst);
        var hsn = root.putObject("hsn");
        hsn(hsn.putArray("hsn_b2b"), true);
        hsn(hsn.putArray("hsn_b2c"), false);
        var documents = root.putObject("doc_issue").putArray("doc_det");
        for (var nature : NATURES.entrySet().stream().sorted(Map.Entry.comparingByKey()).toList()) {
            var runs = issued.stream().filter(one -> one.nature == nature.getKey()).toList();
            if (runs.isEmpty()) continue;
            var list = documents.addObject().put("doc_num", nature.getKey()).put("doc_typ", nature.getValue()).putArray("docs");
            int number = 0;
            for (var run : runs) list.addObject().put("num", ++number).put("from", run.from).put("to", run.to).put("totnum", run.total).put("cancel", run.cancelled).put("net_issue", run.net());
        }
        return root;
    }

    private Map<String, Map<UUID, List<Entry>>> byBuyer(List<Section> sections) {
        var buyers = new TreeMap<String, Map<UUID, List<Entry>>>();
        for (var entry : entries) {
            if (!sections.contains(entry.section)) continue;
            buyers.computeIfAbsent(Objects.requireNonNull(entry.row.buyerGstin()), _ -> new LinkedHashMap<>()).computeIfAbsent(entry.row.id(), _ -> new ArrayList<>()).add(entry);
        }
        return buyers;
    }

    private void invoices(ArrayNode to, List<Section> sections) {
        byBuyer(sections).forEach((buyer, invoices) -> {
            var list = to.addObject().put("ctin", buyer).putArray("inv");
            invoices.values().forEach(rates -> {
                var row = rates.getFirst().row;
                var node = list.addObject();
                node.put("inum", row.number()).put("idt", DAY.format(row.date())).put("val", row.payable()).put("pos", row.placeOfSupply()).put("rchrg", "N")
                        .put("inv_typ", invoiceType(row));
                items(node, rates, row.interState());
            });
        });
    }

    static final List<Section> REGISTERED = List.of(Section.B2B, Section.SEZ, Section.SEZ_WITHOUT_PAYMENT, Section.DEEMED_EXPORT);

    /// Regular, SEZ with or without payment, deemed export.
    private String invoiceType(TaxRows.Row row) {
        return switch (row.buyerRegistration()) {
            case "SEZ" -> isPaid(row) ? "SEWP" : "SEWOP";
            case "DEEMED_EXPORT" -> "DE";
            default -> "R";
        };
    }

    private boolean isPaid(TaxRows.Row row) {
        return entries.stream().anyMatch(one -> one.row.id().equals(row.id()) && one.row.taxKind().equals("TAXABLE")) || reshipped.stream().anyMatch(one -> one.row.id().equals(row.id()) && one.row.taxKind().equals("TAXABLE")) || amended.stream().anyMatch(one -> one.row.id().equals(row.id()) && one.row.taxKind().equals("TAXABLE"));
    }

    /// Table 6A, with shipping bill and port where customs have given them.
    private void exports(ObjectNode root) {
        var types = new TreeMap<String, Map<UUID, List<Entry>>>();
        for (var entry : entries)
            if (entry.section == Section.EXPORT_WITH_PAYMENT || entry.section == Section.EXPORT_WITHOUT_PAYMENT)
                types.computeIfAbsent(entry.section == Section.EXPORT_WITH_PAYMENT ? "WPAY" : "WOPAY", _ -> new LinkedHashMap<>()).computeIfAbsent(entry.row.id(), _ -> new ArrayList<>()).add(entry);
        if (types.isEmpty()) return;
        var to = root.putArray("exp");
        types.forEach((type, invoices) -> {
            var list = to.addObject().put("exp_typ", type).putArray("inv");
            invoices.values().forEach(rates -> {
                var row = rates.getFirst().row;
                var node = list.addObject().put("inum", row.number()).put("idt", DAY.format(row.date())).put("val", row.payable());
                shipped(node, row.id());
                var items = node.putArray("itms");
                for (var entry : rates)
                    items.addObject().put("txval", entry.row.taxable()).put("rt", percent(entry.row.rate())).put("iamt", entry.row.igst()).put("csamt", entry.row.cess());
            });
        });
    }

    private void shipped(ObjectNode node, UUID document) {
        var details = shipments.get(document);
        if (details == null || details.shippingBill() == null || details.shippedOn() == null) return;
        node.put("sbpcode", details.portCode()).put("sbnum", details.shippingBill()).put("sbdt", DAY.format(details.shippedOn()));
    }

    /// Of a note without a GSTIN: to a consumer of another State, or abroad.
    private String noteType(TaxRows.Row row) {
        return !row.buyerRegistration().equals("EXPORT") ? "B2CL" : isPaid(row) ? "EXPWP" : "EXPWOP";
    }

    private void b2cl(ArrayNode to) {
        var places = new TreeMap<String, Map<UUID, List<Entry>>>();
        for (var entry : entries)
            if (entry.section == Section.B2CL) places.computeIfAbsent(entry.row.placeOfSupply(), _ -> new LinkedHashMap<>()).computeIfAbsent(entry.row.id(), _ -> new ArrayList<>()).add(entry);
        places.forEach((place, invoices) -> {
            var list = to.addObject().put("pos", place).putArray("inv");
            invoices.values().forEach(rates -> {
                var row = rates.getFirst().row;
                var node = list.addObject();
                node.put("inum", row.number()).put("idt", DAY.format(row.date())).put("val", row.payable());
                items(node, rates, true);
            });
        });
    }

    private void notes(ArrayNode to, Section section) {
        byBuyer(List.of(section)).forEach((buyer, notes) -> {
            var list = to.addObject().put("ctin", buyer).putArray("nt");
            notes.values().forEach(rates -> note(list.addObject(), rates).put("inv_typ", invoiceType(rates.getFirst().row)).put("rchrg", "N"));
        });
    }

    private void unregisteredNotes(ArrayNode to) {
        var notes = new LinkedHashMap<UUID, List<Entry>>();
        for (var entry : entries) if (entry.section == Section.CDNUR) notes.computeIfAbsent(entry.row.id(), _ -> new ArrayList<>()).add(entry);
        notes.values().forEach(rates -> note(to.addObject(), rates).put("typ", noteType(rates.getFirst().row)));
    }

    /// Tables 9A, 9C and 10. A cancelled document is stated again under its number with nothing in it.
    private void corrections(ObjectNode root) {
        if (amended.isEmpty() && consumersAmended.isEmpty() && reshipped.isEmpty()) return;
        var documents = new LinkedHashMap<UUID, List<Amended>>();
        for (var one : amended) documents.computeIfAbsent(one.row.id(), _ -> new ArrayList<>()).add(one);
        var lists = new TreeMap<String, ArrayNode>();
        for (var rates : documents.values()) {
            var row = rates.getFirst().row;
            var section = rates.getFirst().section;
            boolean note = section == Section.CDNRA || section == Section.CDNURA;
            var name = section.name().toLowerCase(java.util.Locale.ROOT);
            var list = lists.computeIfAbsent(name + "/" + (section == Section.B2CLA ? row.placeOfSupply() : section == Section.EXPA ? isPaid(row) ? "WPAY" : "WOPAY" : section == Section.CDNURA ? "" : row.buyerGstin()), _ -> {
                var of = root.path(name) instanceof ArrayNode array ? array : root.putArray(name);
                return switch (section) {
                    case B2CLA -> of.addObject().put("pos", row.placeOfSupply()).putArray("inv");
                    case EXPA -> of.addObject().put("exp_typ", isPaid(row) ? "WPAY" : "WOPAY").putArray("inv");
                    case CDNURA -> of;
                    case CDNRA -> of.addObject().put("ctin", row.buyerGstin()).putArray("nt");
                    default -> of.addObject().put("ctin", row.buyerGstin()).putArray("inv");
                };
            });
            var node = list.addObject();
            var of = note ? "nt" : "i";
            node.put(note ? "ont_num" : "oinum", row.number()).put(note ? "ont_dt" : "oidt", DAY.format(row.date())).put(note ? "nt_num" : "inum", row.number()).put(of + (note ? "_dt" : "dt"), DAY.format(row.date()))
                    .put("val", ZERO);
            if (note) node.put("ntty", row.kind().equals("DEBIT_NOTE") ? "D" : "C");
            if (section == Section.CDNURA) node.put("typ", noteType(row));
            if (section != Section.B2CLA && section != Section.EXPA) node.put("pos", row.placeOfSupply());
            if (section == Section.B2BA || section == Section.CDNRA) node.put("rchrg", "N").put("inv_typ", invoiceType(row));
            var items = node.putArray("itms");
            int number = 0;
            for (var rate : rates) {
                if (section == Section.EXPA) {
                    items.addObject().put("txval", ZERO).put("rt", percent(rate.row.rate())).put("iamt", ZERO).put("csamt", ZERO);
                    continue;
                }
                var detail = items.addObject().put("num", ++number).putObject("itm_det").put("rt", percent(rate.row.rate())).put("txval", ZERO);
                heads(detail, Heads.NONE, rate.row.interState());
            }
        }
        var exports = new LinkedHashMap<UUID, List<Entry>>();
        for (var one : reshipped) exports.computeIfAbsent(one.row.id(), _ -> new ArrayList<>()).add(one);
        for (var rates : exports.values()) {
            var row = rates.getFirst().row;
            var type = isPaid(row) ? "WPAY" : "WOPAY";
            var list = lists.computeIfAbsent("expa/" + type, _ -> (root.path("expa") instanceof ArrayNode array ? array : root.putArray("expa")).addObject().put("exp_typ", type).putArray("inv"));
            var node = list.addObject().put("oinum", row.number()).put("oidt", DAY.format(row.date())).put("inum", row.number()).put("idt", DAY.format(row.date())).put("val", row.payable());
            shipped(node, row.id());
            var items = node.putArray("itms");
            for (var one : rates) items.addObject().put("txval", one.row.taxable()).put("rt", percent(one.row.rate())).put("iamt", one.row.igst()).put("csamt", one.row.cess());
        }
        if (consumersAmended.isEmpty()) return;
        var small = root.putArray("b2csa");
        for (var one : consumersAmended) {
            var node = small.addObject().put("omon", two(one.month.getMonthValue()) + one.month.getYear()).put("sply_ty", one.interState ? "INTER" : "INTRA").put("typ", "OE").put("pos", one.place);
            var detail = node.putArray("itms").addObject().put("rt", percent(one.rate)).put("txval", one.revised.taxable);
            heads(detail, one.revised, one.interState);
        }
    }

    private ObjectNode note(ObjectNode node, List<Entry> rates) {
        var row = rates.getFirst().row;
        node.put("ntty", row.kind().equals("DEBIT_NOTE") ? "D" : "C").put("nt_num", row.number()).put("nt_dt", DAY.format(row.date())).put("val", row.payable()).put("pos", row.placeOfSupply());
        items(node, rates, row.interState());
        return node;
    }

    private static void items(ObjectNode node, List<Entry> rates, boolean interState) {
        var items = node.putArray("itms");
        int number = 0;
        for (var entry : rates) {
            var detail = items.addObject().put("num", ++number).putObject("itm_det");
            detail.put("rt", percent(entry.row.rate())).put("txval", entry.row.taxable());
            heads(detail, entry.heads(), interState);
        }
    }

    private static void heads(ObjectNode node, Heads heads, boolean interState) {
        if (interState) node.put("iamt", heads.igst);
        else node.put("camt", heads.cgst).put("samt", heads.sgst);
        node.put("csamt", heads.cess);
    }

    private void hsn(ArrayNode to, boolean registered) {
        int number = 0;
        for (var one : goods) {
            if (one.registered() != registered) continue;
            to.addObject().put("num", ++number).put("hsn_sc", one.hsn()).put("uqc", Uqc.of(one.unit())).put("qty", one.qty()).put("rt", percent(one.rate())).put("txval", one.taxable())
                    .put("iamt", one.igst()).put("camt", one.cgst()).put("samt", one.sgst()).put("csamt", one.cess());
        }
    }

    public static BigDecimal percent(BigDecimal rate) {
        var percent = rate.multiply(HUNDRED).stripTrailingZeros();
        return percent.scale() < 0 ? percent.setScale(0) : percent;
    }

    private static String two(int number) {
        return number < 10 ? "0" + number : Integer.toString(number);
    }

    /// Runs of numbers without a hole, from single documents in the order of their numbers.
    ///
    /// @param numbers nature, formatted number, running number, and whether it is cancelled, by nature, series and number
    public static List<Issued> runs(List<Number> numbers) {
        var runs = new ArrayList<Issued>();
        @Nullable Number before = null;
        for (var one : numbers) {
            var last = runs.isEmpty() ? null : runs.getLast();
            boolean goesOn = before != null && last != null && before.nature == one.nature && before.series.equals(one.series) && before.running + 1 == one.running;
            if (goesOn) runs.set(runs.size() - 1, new Issued(last.nature, last.from, one.formatted, last.total + 1, last.cancelled + (one.cancelled ? 1 : 0)));
            else runs.add(new Issued(one.nature, one.formatted, one.formatted, 1, one.cancelled ? 1 : 0));
            before = one;
        }
        return List.copyOf(runs);
    }

    /// A legal number and its fate.
    public record Number(int nature, String series, long running, String formatted, boolean cancelled) {}

    /// The first and last day of the month.
    public LocalDate from() {
        return month.atDay(1);
    }

    public LocalDate to() {
        return month.atEndOfMonth();
    }
}
