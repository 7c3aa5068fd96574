package io.offtake.exchange.domain;

import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.offtake.platform.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.dhatim.fastexcel.reader.Cell;
import org.dhatim.fastexcel.reader.CellType;
import org.dhatim.fastexcel.reader.ReadableWorkbook;
import org.dhatim.fastexcel.reader.ReadingOptions;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;

/// An uploaded table as texts: CSV (UTF-8, with or without BOM, separated by comma, semicolon or tab) or the first sheet of
/// an XLSX file.
///
/// @param separator what separated the cells; 0 for XLSX
public record Sheet(List<String> headings, List<List<String>> rows, char separator) {
    /// What the error file adds; a corrected error file still has them.
    public static final String WRONG = "What is wrong";
    public static final String RIGHT = "How to right it";

    private static final int ROWS_MAX = 100_000;
    private static final int COLUMNS_MAX = 200;
    private static final int CELL_MAX = 10_000;

    public boolean isXlsx() {
        return separator == 0;
    }

    /// Whether it is an error file that came back.
    public boolean isErrorFile() {
        return headings.contains(WRONG) && headings.contains(RIGHT);
    }

    /// @throws ProblemException FILE_UNREADABLE in a sentence
    public static Sheet read(byte[] content) {
        if (content.length == 0) throw unreadable("The file is empty.");
        boolean zip = content.length > 3 && content[0] == 'P' && content[1] == 'K';
        var sheet = zip ? xlsx(content) : csv(content);
        if (sheet.headings.stream().allMatch(String::isBlank)) throw unreadable("The first row must hold the headings.");
        if (sheet.rows.isEmpty()) throw unreadable("There are no rows below the headings.");
        return sheet;
    }

    private static Sheet csv(byte[] content) {
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT).onUnmappableCharacter(CodingErrorAction.REPORT).decode(ByteBuffer.wrap(content)).toString();
        } catch (CharacterCodingException _) {
            throw unreadable("The file is not UTF-8. Save it as \"CSV UTF-8\", or send the XLSX.");
        }
        if (text.startsWith("\uFEFF")) text = text.substring(1);
        if (text.indexOf('\u0000') >= 0) throw unreadable("The file holds NUL characters: it is no CSV.");
        char separator = separator(text);
        var rows = new ArrayList<List<String>>();
        try (var reader = CsvReader.builder().fieldSeparator(separator).ofCsvRecord(text)) {
            for (var record : reader) add(rows, record.getFields());
        } catch (CsvParseException | IllegalArgumentException broken) {
            throw unreadable("The CSV cannot be read: " + broken.getMessage());
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
        return of(rows, separator);
    }

    /// The character that stands most often in the first line, outside of quotes.
    static char separator(String text) {
        int[] counts = new int[3];
        boolean quoted = false;
        for (int at = 0; at < text.length() && (quoted || (text.charAt(at) != '\n' && text.charAt(at) != '\r')); at++) {
            char c = text.charAt(at);
            if (c == '"') quoted = !quoted;
            else if (!quoted && ",;\t".indexOf(c) >= 0) counts[",;\t".indexOf(c)]++;
        }
        int best = 0;
        for (int at = 1; at < 3; at++) if (counts[at] > counts[best]) best = at;
        return ",;\t".charAt(best);
    }

    private static Sheet xlsx(byte[] content) {
        var rows = new ArrayList<List<String>>();
        try (var book = new ReadableWorkbook(new ByteArrayInputStream(content), new ReadingOptions(true, false)); var stream = book.getFirstSheet().openStream()) {
            for (var iterator = stream.iterator(); iterator.hasNext();) {
                var row = iterator.next();
                var cells = new ArrayList<String>();
                for (int at = 0; at < row.getCellCount() && at <= COLUMNS_MAX; at++) cells.add(text(row.getOptionalCell(at).orElse(null)));
                add(rows, cells);
            }
        } catch (ProblemException refusal) {
            throw refusal;
        } catch (IOException | RuntimeException broken) {
            throw unreadable("The file is no XLSX that can be read. Save it again, or send it as CSV.");
        }
        return of(rows, (char) 0);
    }

    private static String text(@org.jspecify.annotations.Nullable Cell cell) {
        if (cell == null || cell.getType() == CellType.EMPTY) return "";
        if (cell.getType() == CellType.NUMBER) {
            var format = cell.getDataFormatString();
            if (format != null && isDate(format)) return cell.asDate().toLocalDate().toString();
            return cell.asNumber().stripTrailingZeros().toPlainString();
        }
        if (cell.getType() == CellType.BOOLEAN) return cell.asBoolean() ? "yes" : "no";
        if (cell.getType() == CellType.FORMULA) {
            var raw = cell.getRawValue();
            return raw == null ? "" : raw;
        }
        return cell.getText();
    }

    private static boolean isDate(String format) {
        var plain = format.toLowerCase(Locale.ROOT).replaceAll("\"[^\"]*\"|\\[[^]]*]", "");
        return plain.contains("yy") || (plain.contains("d") && plain.contains("m"));
    }

    private static void add(List<List<String>> rows, List<String> cells) {
        if (cells.stream().allMatch(String::isBlank)) return;
        if (rows.size() > ROWS_MAX) throw unreadable("The file has more than " + ROWS_MAX + " rows. Send it in parts.");
        if (cells.size() > COLUMNS_MAX) throw unreadable("The file has more than " + COLUMNS_MAX + " columns.");
        if (cells.stream().anyMatch(cell -> cell.length() > CELL_MAX)) throw unreadable("A cell of row " + (rows.size() + 1) + " is longer than " + CELL_MAX + " characters.");
        rows.add(List.copyOf(cells));
    }

    private static Sheet of(List<List<String>> rows, char separator) {
        if (rows.isEmpty()) throw unreadable("The file is empty.");
        return new Sheet(rows.getFirst().stream().map(String::strip).toList(), List.copyOf(rows.subList(1, rows.size())), separator);
    }

    private static ProblemException unreadable(String text) {
        return Problem.of(ProblemCode.FILE_UNREADABLE, text).exception();
    }
}
