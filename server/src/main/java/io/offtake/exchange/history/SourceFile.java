package io.offtake.exchange.history;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.zip.GZIPInputStream;

/// Reads a wholesaler's invoice lines: CSV with a heading, plain or gzipped, in the columns of the UCI "Online Retail" data set.
final class SourceFile {
    private static final List<String> COLUMNS = List.of("InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country");
    private static final DateTimeFormatter AT = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    private SourceFile() {}

    /// One line of an invoice as the source has it.
    ///
    /// @param number   of the row in the file, the heading being row 1
    /// @param customer empty where the source names none
    record Row(int number, String invoice, String code, String description, BigDecimal qty, LocalDateTime at, BigDecimal price, String customer, String country) {
        /// To the penny, as a line of a bill is.
        BigDecimal value() {
            return qty.multiply(price).setScale(2, RoundingMode.HALF_UP);
        }

        boolean isCredit() {
            return invoice.startsWith("C");
        }
    }

    /// A file that cannot be read as what it should be.
    static final class Unreadable extends RuntimeException {
        Unreadable(String why) {
            super(why);
        }
    }

    static List<Row> read(Path file) {
        try (var raw = new BufferedInputStream(Files.newInputStream(file))) {
            raw.mark(2);
            boolean zipped = raw.read() == 0x1f && raw.read() == 0x8b;
            raw.reset();
            return rows(text(zipped ? new GZIPInputStream(raw) : raw));
        } catch (IOException failure) {
            throw new Unreadable("The file " + file + " could not be read: " + failure.getMessage());
        }
    }

    /// UTF-8, or Latin 1 where it is not: a pound sign must arrive as one.
    private static String text(InputStream in) throws IOException {
        var bytes = in.readAllBytes();
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException other) {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }

    private static List<Row> rows(String text) {
        var records = records(text);
        if (records.isEmpty()) throw new Unreadable("The file is empty.");
        var heading = records.getFirst();
        var places = new HashMap<String, Integer>();
        for (int at = 0; at < heading.size(); at++) places.put(heading.get(at).replace("\uFEFF", "").strip(), at);
        for (var column : COLUMNS) if (!places.containsKey(column)) throw new Unreadable("The file has no column " + column + "; it needs " + String.join(", ", COLUMNS) + ".");
        var rows = new ArrayList<Row>(records.size());
        for (int number = 2; number <= records.size(); number++) {
            var cells = records.get(number - 1);
            if (cells.size() < heading.size()) throw new Unreadable("Row " + number + " has " + cells.size() + " cells, the heading " + heading.size() + ".");
            try {
                var customer = cells.get(places.get("CustomerID")).strip();
                rows.add(new Row(number, cells.get(places.get("InvoiceNo")).strip(), cells.get(places.get("StockCode")).strip(), cells.get(places.get("Description")).strip(),
                        new BigDecimal(cells.get(places.get("Quantity")).strip()), LocalDateTime.parse(cells.get(places.get("InvoiceDate")).strip(), AT),
                        new BigDecimal(cells.get(places.get("UnitPrice")).strip()), customer.endsWith(".0") ? customer.substring(0, customer.length() - 2) : customer,
                        cells.get(places.get("Country")).strip()));
            } catch (NumberFormatException | java.time.DateTimeException wrong) {
                throw new Unreadable("Row " + number + " has a number or date that is none: " + wrong.getMessage());
            }
        }
        return rows;
    }

    /// RFC 4180: quoted cells may hold commas, quotes and line ends.
    static List<List<String>> records(String text) {
        var records = new ArrayList<List<String>>();
        var cells = new ArrayList<String>();
        var cell = new StringBuilder();
        boolean quoted = false;
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (quoted) {
                if (c != '"') cell.append(c);
                else if (at + 1 < text.length() && text.charAt(at + 1) == '"') cell.append(text.charAt(++at));
                else quoted = false;
            } else if (c == '"') {
                quoted = true;
            } else if (c == ',') {
                cells.add(cell.toString());
                cell.setLength(0);
            } else if (c == '\n') {
                cells.add(cell.toString());
                cell.setLength(0);
                records.add(List.copyOf(cells));
                cells.clear();
            } else if (c != '\r') {
                cell.append(c);
            }
        }
        if (!cell.isEmpty() || !cells.isEmpty()) {
            cells.add(cell.toString());
            records.add(List.copyOf(cells));
        }
        return records;
    }
}
