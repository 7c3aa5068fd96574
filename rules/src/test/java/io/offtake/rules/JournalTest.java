package io.offtake.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class JournalTest {
    private static Money money(String text) {
        return Money.parse(text, 2);
    }

    @Test
    @DisplayName("INV-02: what does not balance is no journal, in either party's books")
    @Tag("RCV-04")
    void mustBalance() {
        assertThatThrownBy(() -> new Journal(List.of(new Journal.Entry(Account.CASH, money("1.00"), null, null, null, null)))).hasMessageContaining("INV-02");
        assertThatThrownBy(() -> new Journal(List.of(new Journal.Entry(Account.CASH, money("1.00"), null, null, null, null),
                new Journal.Entry(Account.PRINCIPAL_TRADE_SPEND, money("-1.00"), null, null, null, null)))).hasMessageContaining("INV-02");
    }

    @Test
    @DisplayName("P-05: a cheque on its way to the bank, and UPI money matched")
    @Tag("RCV-04")
    void cheque() {
        assertThat(Journal.forChequeDeposited(money("4000.00")).entries()).extracting(entry -> entry.account().code() + " " + entry.amount())
                .containsExactly("1130 4000.00", "1120 -4000.00");
        assertThat(Journal.forChequeCleared(money("4000.00")).entries()).extracting(entry -> entry.account().code() + " " + entry.amount())
                .containsExactly("1110 4000.00", "1130 -4000.00");
        assertThat(Journal.forBankMatch(money("10.00")).entries()).extracting(entry -> entry.account().code() + " " + entry.amount())
                .containsExactly("1110 10.00", "1140 -10.00");
        assertThatThrownBy(() -> Journal.forCollection(Journal.CollectionMode.CASH, money("10.00"), money("10.01"))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Journal.forCollection(Journal.CollectionMode.CASH, money("0.00"), money("0.00"))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @DisplayName("INV-01: the reversal of a journal is its exact opposite")
    @Tag("BIL-06")
    void reversal() {
        var journal = Journal.forCollection(Journal.CollectionMode.UPI, money("100.00"), money("39.00"));
        assertThat(journal.reversal().entries()).extracting(entry -> entry.account().code() + " " + entry.amount())
                .containsExactly("1140 -100.00", "1200 39.00", "2210 61.00");
        assertThat(journal.reversal().reversal()).isEqualTo(journal);
    }

    @Test
    @DisplayName("account codes are unique and found again")
    void codes() {
        for (var account : Account.values()) assertThat(Account.ofCode(account.code())).isSameAs(account);
        assertThatThrownBy(() -> Account.ofCode("9999")).isInstanceOf(IllegalArgumentException.class);
    }
}
