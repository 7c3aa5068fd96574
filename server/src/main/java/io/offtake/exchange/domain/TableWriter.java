package io.offtake.exchange.domain;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;
import org.jspecify.annotations.Nullable;

/// Writes a table as CSV (UTF-8 with BOM, raw numbers, ISO dates) or XLSX (typed cells, first row fixed). Text that a
/// spreadsheet would take for a formula gets an apostrophe in front; imports take it off again.
public sealed interface TableWriter extends AutoCloseable {
    void row(List<? extends @Nullable Object> values) throws IOException;

    @Override
    void close() throws IOException;

    static TableWriter csv(OutputStream out, char separator) throws IOException {
        return new Csv(out, separator);
    }

    static TableWriter xlsx(OutputStream out, String name) {
        return new Xlsx(out, name);
    }

    /// Guards against formula injection.
    static String guarded(String text) {
        return !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
    }

    /// Takes the guard off.
    static String unguarded(String text) {
        return text.length() > 1 && text.charAt(0) == '\'' && "=+-@\t\r".indexOf(text.charAt(1)) >= 0 ? text.substring(1) : text;
    }

    final class Csv implements TableWriter {
        private final Writer out;
        private final CsvWriter csv;

        Csv(OutputStream stream, char separator) throws IOException {
            out = new OutputStreamWriter(stream, StandardCharsets.UTF_8);
            out.write('\uFEFF');
            csv = CsvWriter.builder().fieldSeparator(separator).lineDelimiter(LineDelimiter.CRLF).build(out);
        }

        @Override
        public void row(List<? extends @Nullable Object> values) {
            csv.writeRecord(values.stream().map(value -> value instanceof String text ? guarded(text) : io.offtake.governance.Column.ofValue(value)).toArray(String[]::new));
        }

        @Override
        public void close() throws IOException {
            csv.close();
            out.close();
        }
    }

    final class Xlsx implements TableWriter {
        private final Workbook book;
        private final Worksheet sheet;
        private int at;

        Xlsx(OutputStream stream, String name) {
            book = new Workbook(stream, "Offtake", "1.0");
            sheet = book.newWorksheet(name.length() > 31 ? name.substring(0, 31) : name);
            sheet.freezePane(0, 1);
        }

        @Override
        public void row(List<? extends @Nullable Object> values) {
            for (int column = 0; column < values.size(); column++) {
                switch (values.get(column)) {
                    case null -> { /* an empty cell */ }
                    case BigDecimal number -> sheet.value(at, column, number);
                    case Number number -> sheet.value(at, column, number);
                    case LocalDate date -> {
                        sheet.value(at, column, date);
                        sheet.style(at, column).format("yyyy-mm-dd").set();
                    }
                    case Boolean yes -> sheet.value(at, column, yes ? "yes" : "no");
                    case Object text -> sheet.value(at, column, guarded(text.toString()));
                }
                if (at == 0) sheet.style(0, column).bold().set();
            }
            at++;
        }

        @Override
        public void close() throws IOException {
            book.finish();
        }
    }
}
