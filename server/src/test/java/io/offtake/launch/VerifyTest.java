package io.offtake.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.platform.Progress;
import io.offtake.platform.testing.DatabaseTest;
import io.offtake.platform.testing.TestDatabase;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Verify finds nothing in books that agree, and every damage somebody with the database's password could do (INV-01, INV-06).
@DatabaseTest
@Tag("GOV-02")
class VerifyTest {
    private final TestDatabase database;

    VerifyTest(TestDatabase database) {
        this.database = database;
    }

    @BeforeAll
    static void books(TestDatabase database) {
        for (long distributor = 1; distributor <= 12; distributor++) BooksFixture.post(database, distributor);
    }

    private Verify.Report verify() throws SQLException {
        try (var connection = database.access().asNetwork()) {
            return Verify.run(connection, Progress.SILENT);
        }
    }

    @Test
    void booksThatAgreeAreLeftInPeace() throws SQLException {
        var report = verify();
        assertThat(report.findings().stream().filter(finding -> finding.distributorId() == 12)).isEmpty();
        assertThat(report.distributors()).isEqualTo(12);
        assertThat(report.documents()).isPositive();
        assertThat(report.auditRows()).isPositive();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1  | stock: movements sum to zero       | update stock.entry set qty = qty + 1 where leg = 2 and document_type = 'INVOICE' and distributor_id = 1
            2  | stock: balances equal the ledger   | update stock.balance set qty = qty - 1 where distributor_id = 2
            3  | money: every document balances     | update receivables.journal_entry set amount = amount + 0.01 where account = '4000' and distributor_id = 3
            4  | money: outlet accounts equal the ledger | update receivables.outlet_account set balance = 0 where distributor_id = 4
            5  | money: open items equal the accounts | update receivables.open_item set open_amount = 0 where distributor_id = 5
            6  | numbers: every number has its fate | delete from platform.number_register where distributor_id = 6; update platform.number_sequence set next_number = 4 where distributor_id = 6; insert into platform.number_register values (6, 'INVOICE', 'KT26/', 2026, 1, gen_random_uuid(), 'x', 'VOID'), (6, 'INVOICE', 'KT26/', 2026, 3, gen_random_uuid(), 'y', 'VOID')
            7  | numbers: each belongs to a registered document | delete from platform.document_register where type = 'INVOICE' and distributor_id = 7
            8  | audit chain                        | update governance.audit_entry set actor = 'somebody else' where seq = 1 and distributor_id = 8
            9  | audit chain                        | delete from governance.audit_entry where seq = 1 and distributor_id = 9
            10 | audit chain                        | delete from governance.audit_entry where seq = 2 and distributor_id = 10
            1  | numbers: no numbered document lost its number | delete from platform.number_register where distributor_id = 1
            11 | numbers: every number has its fate | delete from platform.number_register where distributor_id = 11""")
    void damageIsFound(long distributor, String check, String damage) throws SQLException {
        database.asSuperuser(damage);
        assertThat(verify().findings().stream().filter(finding -> finding.distributorId() == distributor).map(Verify.Finding::check)).contains(check);
    }
}
