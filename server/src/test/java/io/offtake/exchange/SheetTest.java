package io.offtake.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.offtake.exchange.domain.Mapping;
import io.offtake.exchange.domain.Sheet;
import io.offtake.exchange.domain.TableWriter;
import io.offtake.governance.Column;
import io.offtake.platform.ProblemException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Tables as people send them.
@Tag("INT-07")
class SheetTest {
    private static Sheet csv(String text) {
        return Sheet.read(text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a,b\n1,\"x\n,y\"\n", "\uFEFFa;b\r\n1;\"x\n,y\"\r\n", "a\tb\n1\t\"x\n,y\"", "\"a\";\"b\"\n1;\"x\n,y\"\n\n;\n"})
    void readsCommaSemicolonAndTabWithOrWithoutBom(String text) {
        var sheet = csv(text);
        assertThat(sheet.headings()).containsExactly("a", "b");
        assertThat(sheet.rows()).containsExactly(List.of("1", "x\n,y"));
    }

    @Test
    void refusesWhatIsNoTable() {
        for (var bytes : List.of(new byte[0], "a,b".getBytes(StandardCharsets.UTF_8), new byte[] {(byte) 0xC3, 0x28, '\n', 'x'}, "a\u0000,b\n1,2".getBytes(StandardCharsets.UTF_8),
                "PK\u0003\u0004rubbish".getBytes(StandardCharsets.UTF_8), ",,\n1,2,3".getBytes(StandardCharsets.UTF_8))) {
            assertThatThrownBy(() -> Sheet.read(bytes)).as(Arrays.toString(bytes)).isInstanceOf(ProblemException.class);
        }
    }

    @Test
    void whatIsWrittenIsReadBackAndNoFormulaSurvives() throws IOException {
        var values = Arrays.asList("=1+1", "+91", "-x", "@a", "plain", new BigDecimal("-12.50"), LocalDate.of(2026, 4, 1), true, null, "शिव \"किराना\", A");
        for (boolean xlsx : new boolean[] {false, true}) {
            var out = new ByteArrayOutputStream();
            try (var writer = xlsx ? TableWriter.xlsx(out, "t") : TableWriter.csv(out, ',')) {
                writer.row(List.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j"));
                writer.row(values);
            }
            var sheet = Sheet.read(out.toByteArray());
            assertThat(sheet.isXlsx()).isEqualTo(xlsx);
            var row = sheet.rows().getFirst();
            assertThat(row.subList(0, 4)).containsExactly("'=1+1", "'+91", "'-x", "'@a");
            assertThat(row.stream().map(TableWriter::unguarded).limit(5)).containsExactly("=1+1", "+91", "-x", "@a", "plain");
            assertThat(new BigDecimal(row.get(5))).isEqualByComparingTo("-12.5");
            assertThat(row.get(6)).isEqualTo("2026-04-01");
            assertThat(row.get(7)).isEqualTo("yes");
            assertThat(row.get(8)).isEmpty();
            assertThat(row.get(9)).isEqualTo("शिव \"किराना\", A");
        }
    }

    @Test
    void headingsAreGuessedByNameTitleAliasAndMemory() {
        record Form(String code, String name) {}
        List<Column<Form>> columns = List.of(Column.required("code", "Code", Form::code, "", "Item no."), Column.required("name", "Full name", Form::name, ""));
        assertThat(Mapping.guess(List.of("ITEM-NO", "full_name", "other", Sheet.WRONG), columns, Map.of())).isEqualTo(Map.of("ITEM-NO", "code", "full_name", "name"));
        assertThat(Mapping.guess(List.of("Code", "Bezeichnung"), columns, Map.of("bezeichnung", "name"))).containsEntry("Bezeichnung", "name");
        assertThat(Mapping.guess(List.of("Code", "Item no."), columns, Map.of())).as("a column is taken once").hasSize(1);
        assertThat(Mapping.fit(Map.of("x", "code"), columns)).isLessThan(Mapping.fit(Map.of("x", "code", "y", "name"), columns));
    }
}
