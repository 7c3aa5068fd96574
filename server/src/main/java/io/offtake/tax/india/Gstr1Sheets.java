package io.offtake.tax.india;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;
import org.jspecify.annotations.Nullable;

/// GSTR-1 as a workbook, a sheet for each table under the names of the government's own tool.
public final class Gstr1Sheets {
    private Gstr1Sheets() {}

    public static byte[] of(Gstr1 gstr1) {
        var out = new ByteArrayOutputStream();
        try (var workbook = new Workbook(out, "Offtake", "1.0")) {
            documents(workbook, "b2b", gstr1, Gstr1.REGISTERED, false);
            documents(workbook, "b2cl", gstr1, List.of(Section.B2CL), false);
            var exports = sheet(workbook, "exp", "Export type", "Invoice", "Date", "Value", "Port", "Shipping bill", "Shipping bill date", "Rate %", "Taxable value", "IGST", "Cess");
            int line = 1;
            for (var entry : gstr1.entries())
                if (entry.section() == Section.EXPORT_WITH_PAYMENT || entry.section() == Section.EXPORT_WITHOUT_PAYMENT)
                    row(exports, line++, entry.section() == Section.EXPORT_WITH_PAYMENT ? "WPAY" : "WOPAY", entry.row().number(), entry.row().date(), entry.row().payable(), shipping(gstr1, entry, 0), shipping(gstr1, entry, 1),
                            shipping(gstr1, entry, 2), Gstr1.percent(entry.row().rate()), entry.row().taxable(), entry.row().igst(), entry.row().cess());
            var small = sheet(workbook, "b2cs", "Type", "Place of supply", "Rate %", "Taxable value", "IGST", "CGST", "SGST", "Cess");
            int at = 1;
            for (var one : gstr1.consumers())
                row(small, at++, one.interState() ? "Inter-State" : "Intra-State", one.place(), Gstr1.percent(one.rate()), one.heads().taxable(), one.heads().igst(), one.heads().cgst(), one.heads().sgst(), one.heads().cess());
            documents(workbook, "cdnr", gstr1, List.of(Section.CDNR), true);
            documents(workbook, "cdnur", gstr1, List.of(Section.CDNUR), true);
            corrected(workbook, "b2ba", gstr1, List.of(Section.B2BA));
            corrected(workbook, "b2cla", gstr1, List.of(Section.B2CLA));
            corrected(workbook, "expa", gstr1, List.of(Section.EXPA));
            var shipped = sheet(workbook, "expa shipping", "Export type", "Original invoice", "Invoice", "Date", "Value", "Port", "Shipping bill", "Shipping bill date", "Rate %", "Taxable value", "IGST", "Cess");
            line = 1;
            for (var entry : gstr1.reshipped())
                row(shipped, line++, entry.section() == Section.EXPORT_WITH_PAYMENT ? "WPAY" : "WOPAY", entry.row().number(), entry.row().number(), entry.row().date(), entry.row().payable(), shipping(gstr1, entry, 0),
                        shipping(gstr1, entry, 1), shipping(gstr1, entry, 2), Gstr1.percent(entry.row().rate()), entry.row().taxable(), entry.row().igst(), entry.row().cess());
            corrected(workbook, "cdnra", gstr1, List.of(Section.CDNRA));
            corrected(workbook, "cdnura", gstr1, List.of(Section.CDNURA));
            var revised = sheet(workbook, "b2csa", "Month", "Type", "Place of supply", "Rate %", "Taxable value stated", "Taxable value", "IGST", "CGST", "SGST", "Cess");
            at = 1;
            for (var one : gstr1.consumersAmended())
                row(revised, at++, one.month().toString(), one.interState() ? "Inter-State" : "Intra-State", one.place(), Gstr1.percent(one.rate()), one.original().taxable(), one.revised().taxable(), one.revised().igst(),
                        one.revised().cgst(), one.revised().sgst(), one.revised().cess());
            var exempt = sheet(workbook, "exemp", "Supply", "Nil-rated", "Exempted", "Non-GST");
            at = 1;
            for (var one : gstr1.untaxed()) row(exempt, at++, one.supplyType(), one.nil(), one.exempt(), one.nonGst());
            goods(workbook, "hsn(b2b)", gstr1, true);
            goods(workbook, "hsn(b2c)", gstr1, false);
            var issued = sheet(workbook, "docs", "Nature of document", "From", "To", "Total", "Cancelled", "Net");
            at = 1;
            for (var one : gstr1.issued())
                row(issued, at++, Gstr1.NATURES.get(one.nature()), one.from(), one.to(), BigDecimal.valueOf(one.total()), BigDecimal.valueOf(one.cancelled()), BigDecimal.valueOf(one.net()));
            var tables = sheet(workbook, "tables", "Table", "Section", "State", "Reason", "Count", "Taxable value", "IGST", "CGST", "SGST", "Cess");
            at = 1;
            for (var one : gstr1.tables())
                row(tables, at++, one.table(), one.section(), one.state(), one.reason(), BigDecimal.valueOf(one.documents()), one.heads().taxable(), one.heads().igst(), one.heads().cgst(), one.heads().sgst(), one.heads().cess());
            var about = sheet(workbook, "about", "GSTIN", "Month", "Taxable value", "IGST", "CGST", "SGST", "Cess");
            var total = gstr1.total();
            row(about, 1, gstr1.gstin(), gstr1.month().toString(), total.taxable(), total.igst(), total.cgst(), total.sgst(), total.cess());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toByteArray();
    }

    /// Port, shipping bill and its day, as far as customs have given them.
    private static @Nullable Object shipping(Gstr1 gstr1, Gstr1.Entry entry, int column) {
        var details = gstr1.shipments().get(entry.row().id());
        if (details == null || details.shippingBill() == null) return null;
        return column == 0 ? details.portCode() : column == 1 ? details.shippingBill() : details.shippedOn();
    }

    private static void documents(Workbook workbook, String name, Gstr1 gstr1, List<Section> sections, boolean notes) throws IOException {
        var sheet = sheet(workbook, name, "GSTIN of recipient", "Receiver", notes ? "Note" : "Invoice", "Date", notes ? "Type" : "Kind", "Original", "Value", "Place of supply", "Rate %", "Taxable value", "IGST", "CGST",
                "SGST", "Cess");
        int at = 1;
        for (var entry : gstr1.entries()) {
            if (!sections.contains(entry.section())) continue;
            var row = entry.row();
            row(sheet, at++, row.buyerGstin(), row.buyerName(), row.number(), row.date(), notes ? row.kind().equals("DEBIT_NOTE") ? "D" : "C" : kind(entry.section()), row.originalNumber(),
                    row.payable(), row.placeOfSupply(), Gstr1.percent(row.rate()), row.taxable(), row.igst(), row.cgst(), row.sgst(), row.cess());
        }
    }

    private static String kind(Section section) {
        return switch (section) {
            case SEZ -> "SEZ supplies with payment";
            case SEZ_WITHOUT_PAYMENT -> "SEZ supplies without payment";
            case DEEMED_EXPORT -> "Deemed Exp";
            default -> "Regular";
        };
    }

    private static void corrected(Workbook workbook, String name, Gstr1 gstr1, List<Section> sections) throws IOException {
        var sheet = sheet(workbook, name, "GSTIN of recipient", "Receiver", "Number", "Date", "Place of supply", "Rate %", "Taxable value stated", "Taxable value", "IGST", "CGST", "SGST", "Cess");
        int at = 1;
        for (var one : gstr1.amended())
            if (sections.contains(one.section()))
                row(sheet, at++, one.row().buyerGstin(), one.row().buyerName(), one.row().number(), one.row().date(), one.row().placeOfSupply(), Gstr1.percent(one.row().rate()), one.row().taxable(), BigDecimal.ZERO,
                        BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO);
    }

    private static void goods(Workbook workbook, String name, Gstr1 gstr1, boolean registered) throws IOException {
        var sheet = sheet(workbook, name, "HSN", "UQC", "Quantity", "Rate %", "Taxable value", "IGST", "CGST", "SGST", "Cess");
        int at = 1;
        for (var one : gstr1.goods())
            if (one.registered() == registered) row(sheet, at++, one.hsn(), Uqc.of(one.unit()), one.qty(), Gstr1.percent(one.rate()), one.taxable(), one.igst(), one.cgst(), one.sgst(), one.cess());
    }

    private static Worksheet sheet(Workbook workbook, String name, String... header) {
        var sheet = workbook.newWorksheet(name);
        for (int column = 0; column < header.length; column++) sheet.value(0, column, header[column]);
        sheet.range(0, 0, 0, header.length - 1).style().bold().set();
        sheet.freezePane(0, 1);
        return sheet;
    }

    private static void row(Worksheet sheet, int at, @Nullable Object... cells) {
        for (int column = 0; column < cells.length; column++) {
            switch (cells[column]) {
                case null -> { }
                case BigDecimal number -> sheet.value(at, column, number);
                case LocalDate date -> {
                    sheet.value(at, column, date);
                    sheet.style(at, column).format("dd-mm-yyyy").set();
                }
                // a name that a spreadsheet would run as a formula
                case Object text -> sheet.value(at, column, text.toString().matches("[=+\\-@].*") ? "'" + text : text.toString());
            }
        }
    }
}
