package io.offtake.tax.india;

import io.offtake.tax.TaxRows;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The return of outward supplies (IN-50) of one registration and month, added up from posted documents: the tables as people
/// read them, and the file as the portal takes it. Amounts of notes count against sales.
///
/// @param entries document by document, one for each rate, with the table it stands in
public record Gstr1(String gstin, String state, YearMonth month, List<Entry> entries, List<Consumers> consumers, List<Untaxed> untaxed, List<TaxRows.Goods> goods, List<Issued> issued) {
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("dd-MM-uuuu", java.util.Locale.ROOT);
    private static final BigDecimal ZERO = new BigDecimal("0.00");
    private static final BigDecimal HUNDRED = new BigDecimal(100);

    public record Heads(BigDecimal taxable, BigDecimal igst, BigDecimal cgst, BigDecimal sgst, BigDecimal cess) {
        static final Heads NONE = new Heads(ZERO, ZERO, ZERO, ZERO, ZERO);

        Heads plus(Heads other, int sign) {
            var times = BigDecimal.valueOf(sign);
            return new Heads(taxable.add(other.taxable.multiply(times)), igst.add(other.igst.multiply(times)), cgst.add(other.cgst.multiply(times)), sgst.add(other.sgst.multiply(times)),
                    cess.add(other.cess.multiply(times)));
        }

        static Heads of(TaxRows.Row row) {
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

    /// Table 8, net of notes.
    public record Untaxed(String supplyType, BigDecimal exempt, BigDecimal nil, BigDecimal nonGst) {}

    /// Table 13: one unbroken run of a series.
    ///
    /// @param nature 1 invoices, 4 debit notes, 5 credit notes
    public record Issued(int nature, String from, String to, int total, int cancelled) {
        public int net() {
            return total - cancelled;
        }
    }

    /// One line of what stands in a table.
    public record Table(String table, String section, int documents, Heads heads) {}

    public static Gstr1 of(String gstin, String state, YearMonth month, List<TaxRows.Row> rows, List<TaxRows.Goods> goods, List<Issued> issued, Law law) {
        var entries = new ArrayList<Entry>();
        var consumers = new TreeMap<String, Consumers>();
        var untaxed = new TreeMap<String, Untaxed>();
        for (var row : rows) {
            if (row.cancelled()) continue;
            int sign = row.kind().equals("CREDIT_NOTE") ? -1 : 1;
            if (!row.taxKind().equals("TAXABLE")) {
                var type = (row.interState() ? "INTR" : "INTRA") + (row.buyerGstin() == null ? "B2C" : "B2B");
                var amount = row.taxable().multiply(BigDecimal.valueOf(sign));
                untaxed.merge(type, new Untaxed(type, row.taxKind().equals("EXEMPT") ? amount : ZERO, row.taxKind().equals("NIL") ? amount : ZERO, row.taxKind().equals("NON_GST") ? amount : ZERO),
                        (one, other) -> new Untaxed(type, one.exempt.add(other.exempt), one.nil.add(other.nil), one.nonGst.add(other.nonGst)));
                continue;
            }
            var section = section(row, law);
            if (section == Section.B2CS) {
                var key = row.placeOfSupply() + " " + row.interState() + " " + row.rate().toPlainString();
                consumers.merge(key, new Consumers(row.placeOfSupply(), row.interState(), row.rate(), Heads.NONE.plus(Heads.of(row), sign)),
                        (one, other) -> new Consumers(one.place, one.interState, one.rate, one.heads.plus(other.heads, 1)));
            } else {
                entries.add(new Entry(section, row, sign));
            }
        }
        return new Gstr1(gstin, state, month, List.copyOf(entries), List.copyOf(consumers.values()), List.copyOf(untaxed.values()), List.copyOf(goods), List.copyOf(issued));
    }

    private static Section section(TaxRows.Row row, Law law) {
        var buyer = row.buyerRegistration().equals("SEZ") ? Section.Buyer.SEZ : row.buyerGstin() == null ? Section.Buyer.UNREGISTERED : Section.Buyer.REGISTERED;
        boolean note = !row.kind().equals("INVOICE");
        var value = note && row.originalPayable() != null ? row.originalPayable() : row.payable();
        var supplied = note && row.originalDate() != null ? row.originalDate() : row.date();
        // a note on no invoice of a consumer is netted with the small bills
        if (note && row.originalPayable() == null && buyer == Section.Buyer.UNREGISTERED) return Section.B2CS;
        return Section.of(note ? Section.Paper.NOTE : Section.Paper.INVOICE, buyer, row.interState(), false, false, false, value, supplied, law);
    }

    /// What stands in each table, for the screen.
    public List<Table> tables() {
        var found = new ArrayList<Table>();
        var bySection = new EnumMap<Section, List<Entry>>(Section.class);
        for (var entry : entries) bySection.computeIfAbsent(entry.section, _ -> new ArrayList<>()).add(entry);
        bySection.forEach((section, list) -> {
            var heads = Heads.NONE;
            for (var entry : list) heads = heads.plus(entry.heads(), entry.sign);
            found.add(new Table(section.table(), section.name(), (int) list.stream().map(entry -> entry.row.id()).distinct().count(), heads));
        });
        if (!consumers.isEmpty()) {
            var heads = Heads.NONE;
            for (var one : consumers) heads = heads.plus(one.heads, 1);
            found.add(new Table("7", Section.B2CS.name(), consumers.size(), heads));
        }
        if (!untaxed.isEmpty()) {
            var sum = untaxed.stream().map(one -> one.exempt.add(one.nil).add(one.nonGst)).reduce(ZERO, BigDecimal::add);
            found.add(new Table("8", Section.NIL_EXEMPT.name(), untaxed.size(), new Heads(sum, ZERO, ZERO, ZERO, ZERO)));
        }
        found.sort(Comparator.comparing(Table::table).thenComparing(Table::section));
        return List.copyOf(found);
    }

    /// Tax on all tables, notes taken off: what 3B shows and the books must say.
    public Heads total() {
        var heads = Heads.NONE;
        for (var entry : entries) heads = heads.plus(entry.heads(), entry.sign);
        for (var one : consumers) heads = heads.plus(one.heads, 1);
        return heads;
    }

    // ---- the file of the portal

    public ObjectNode file() {
        var root = Inv01.JSON.createObjectNode();
        root.put("gstin", gstin).put("fp", two(month.getMonthValue()) + month.getYear()).put("version", "GST3.2").put("hash", "hash");
        invoices(root.putArray("b2b"), List.of(Section.B2B, Section.SEZ));
        b2cl(root.putArray("b2cl"));
        var small = root.putArray("b2cs");
        for (var one : consumers) {
            var node = small.addObject();
            node.put("sply_ty", one.interState ? "INTER" : "INTRA").put("pos", one.place).put("typ", "OE").put("rt", percent(one.rate)).put("txval", one.heads.taxable);
            heads(node, one.heads, one.interState);
        }
        notes(root.putArray("cdnr"), Section.CDNR);
        unregisteredNotes(root.putArray("cdnur"));
        var nil = root.putObject("nil").putArray("inv");
        for (var one : untaxed) nil.addObject().put("sply_ty", one.supplyType).put("expt_amt", one.exempt).put("nil_amt", one.nil).put("ngsup_amt", one.nonGst);
        var hsn = root.putObject("hsn");
        hsn(hsn.putArray("hsn_b2b"), true);
        hsn(hsn.putArray("hsn_b2c"), false);
        var documents = root.putObject("doc_issue").putArray("doc_det");
        for (var nature : Map.of(1, "Invoices for outward supply", 4, "Debit Note", 5, "Credit Note").entrySet().stream().sorted(Map.Entry.comparingByKey()).toList()) {
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
                        .put("inv_typ", rates.getFirst().section == Section.SEZ ? "SEWP" : "R");
                items(node, rates, row.interState());
            });
        });
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
            notes.values().forEach(rates -> note(list.addObject(), rates).put("inv_typ", rates.getFirst().row.buyerRegistration().equals("SEZ") ? "SEWP" : "R").put("rchrg", "N"));
        });
    }

    private void unregisteredNotes(ArrayNode to) {
        var notes = new LinkedHashMap<UUID, List<Entry>>();
        for (var entry : entries) if (entry.section == Section.CDNUR) notes.computeIfAbsent(entry.row.id(), _ -> new ArrayList<>()).add(entry);
        notes.values().forEach(rates -> note(to.addObject(), rates).put("typ", "B2CL"));
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
