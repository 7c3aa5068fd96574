package io.offtake.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.platform.TenantTransaction;
import io.offtake.platform.testing.ServerTest;
import io.offtake.platform.testing.TestCluster;
import io.offtake.rules.Engine;
import io.offtake.rules.RuleBookJson;
import io.offtake.sync.app.Snapshots;
import io.offtake.platform.RowScope;
import io.offtake.testing.Fixture;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/// What distributors have in common is there once, and what changes is what travels (docs/adr/0022).
@ServerTest
class RuleBookPartsTest {
    private static final String OFFER = "\"stage\":\"LINE\",\"mechanic\":{\"type\":\"DISCOUNT\",\"reward\":{\"percent\":\"0.02\"}},\"products\":{},\"stacking\":\"CASCADE\",\"priority\":10,"
            + "\"principalShare\":\"1\",\"claimable\":true,\"claimRate\":\"PTS\",";
    @Autowired
    TenantTransaction transactions;
    @Autowired
    RuleBookSource books;
    @Autowired
    Snapshots snapshots;

    @Test
    @Tag("SCH-29")
    void distributorsShareTheCommonPartsAndAChangeMovesOnlyItsOwn() {
        var network = new Fixture(transactions, TestCluster.TODAY);
        var a = network.distributor("A").id();
        var b = network.distributor("B").id();
        network.scheme("ALL", "M1", OFFER + "\"eligibility\":{}", TestCluster.TODAY.minusDays(5), TestCluster.TODAY.plusDays(5));
        network.scheme("ONLY-A", "M1", OFFER + "\"eligibility\":{\"distributorIds\":[\"" + a + "\"]}", TestCluster.TODAY.minusDays(5), TestCluster.TODAY.plusDays(5));

        var ofA = books.current(a);
        var ofB = books.current(b);
        assertThat(ofB.json()).as("an offer made to another stays unknown").doesNotContain("ONLY-A").contains("ALL-");
        assertThat(ofA.json()).contains("ONLY-A", "ALL-");
        var common = identical(ofA, ofB);
        assertThat(common).isEqualTo(ofB.parts().size() - 1);
        assertThat(Engine.of(RuleBookJson.read(ofA.json())).book().schemes()).as("the text opens to the same schemes").containsExactlyInAnyOrderElementsOf(ofA.book().schemes());
        assertThat(RuleBookJson.read(ofA.json()).skus()).isEqualTo(ofA.book().skus());

        var held = ofA.parts().stream().map(BookPart::name).collect(Collectors.toSet());
        network.scheme("LATER", "M1", OFFER + "\"eligibility\":{\"channels\":[\"CHEMIST\"]}", TestCluster.TODAY.minusDays(5), TestCluster.TODAY.plusDays(5));
        var changed = books.current(a);
        assertThat(changed.hash()).isNotEqualTo(ofA.hash());
        var fresh = new HashSet<>(changed.parts().stream().map(BookPart::name).toList());
        fresh.removeAll(held);
        assertThat(fresh).hasSize(1);

        var whole = snapshots.take(RowScope.of(a), a, "must", Set.of());
        var delta = snapshots.take(RowScope.of(a), a, "must", held);
        assertThat(delta.etag()).isEqualTo(whole.etag());
        var text = new String(delta.body(), StandardCharsets.UTF_8);
        assertThat(text).contains("LATER").doesNotContain("\"code\":\"ONLY-A");
        assertThat(delta.body().length).isLessThan(whole.body().length);
    }

    private static long identical(RuleBookSource.Snapshot one, RuleBookSource.Snapshot other) {
        return one.parts().stream().filter(part -> other.parts().stream().anyMatch(same -> same == part)).count();
    }
}
