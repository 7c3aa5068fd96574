package io.offtake.access.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.access.Directory;
import io.offtake.access.Grant;
import io.offtake.access.Grant.ScopeKind;
import io.offtake.access.Permission;
import io.offtake.access.Role;
import io.offtake.platform.RowScope;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Row scope, duties and passwords as pure decisions.
@Tag("GOV-05")
class RulesOfAccessTest {
    private static final LocalDate TODAY = LocalDate.of(2026, 11, 25);
    private static final Directory NETWORK = new Directory() {
        @Override
        public Set<Long> distributors() {
            return Set.of(1L, 2L, 3L, 4L);
        }

        @Override
        public Set<Long> inTerritories(Set<Long> nodes) {
            return nodes.contains(100L) ? Set.of(1L, 2L) : Set.of();
        }

        @Override
        public List<Entry> named(Set<Long> distributors) {
            return List.of();
        }
    };

    private static Grant.OfScope grant(ScopeKind kind, long id) {
        return new Grant.OfScope(kind, id, LocalDate.of(2026, 1, 1), null);
    }

    private static RowScope scope(Grant.OfScope... grants) {
        return Scopes.of(List.of(grants), TODAY, NETWORK);
    }

    @Test
    void gv01ScopeIsTerritoriesWithinDistributorsWithinPrincipals() {
        assertThat(scope().distributors()).isEmpty();
        assertThat(scope(grant(ScopeKind.NETWORK, 0)).distributors()).containsExactlyInAnyOrder(1L, 2L, 3L, 4L);
        assertThat(scope(grant(ScopeKind.TERRITORY, 100)).distributors()).containsExactlyInAnyOrder(1L, 2L);
        assertThat(scope(grant(ScopeKind.TERRITORY, 100), grant(ScopeKind.DISTRIBUTOR, 2), grant(ScopeKind.DISTRIBUTOR, 3)).distributors()).containsExactly(2L);
        assertThat(scope(grant(ScopeKind.DISTRIBUTOR, 3)).distributors()).containsExactly(3L);
        assertThat(scope(grant(ScopeKind.DISTRIBUTOR, 3)).principals()).isNull();
        assertThat(scope(grant(ScopeKind.NETWORK, 0), grant(ScopeKind.PRINCIPAL, 9)).principals()).containsExactly(9L);
    }

    @Test
    void gv01ScopeIsDated() {
        var past = new Grant.OfScope(ScopeKind.DISTRIBUTOR, 1, LocalDate.of(2026, 1, 1), LocalDate.of(2026, 11, 24));
        var lastDay = new Grant.OfScope(ScopeKind.DISTRIBUTOR, 2, LocalDate.of(2026, 1, 1), TODAY);
        var future = new Grant.OfScope(ScopeKind.DISTRIBUTOR, 3, TODAY.plusDays(1), null);
        assertThat(scope(past, lastDay, future).distributors()).containsExactly(2L);
    }

    @Test
    void everyPairOfDutiesOfDomain123IsRefused() {
        assertThat(rules(Role.IT, Role.BC)).containsExactly("SOD-6");
        assertThat(rules(Role.COE, Role.VS)).containsExactly("SOD-6");
        assertThat(rules(Role.BC, Role.CA)).containsExactly("SOD-5");
        assertThat(rules(Role.SO, Role.FIN)).containsExactly("SOD-7");
        assertThat(rules(Role.IT, Role.COE)).containsExactly("SOD-8");
        assertThat(rules(Role.AUD, Role.SO)).containsExactly("SOD-1");
        assertThat(rules(Role.DO, Role.BC, Role.GK)).isEmpty();
        for (var role : Role.values()) assertThat(Duties.conflicts(EnumSet.of(role))).as(role.name()).isEmpty();
        for (var role : Role.values()) {
            boolean posts = Permission.of(Set.of(role)).stream().anyMatch(Permission::posts);
            assertThat(rules(Role.IT, role).contains("SOD-6")).as(role.name()).isEqualTo(posts);
        }
    }

    private static List<String> rules(Role first, Role... more) {
        return Duties.conflicts(EnumSet.of(first, more)).stream().map(Duties.Conflict::rule).toList();
    }

    @Test
    void itHasNoBusinessWriteAndTheAuditorNoneAtAll() {
        assertThat(Permission.of(Set.of(Role.IT))).noneMatch(Permission::posts);
        assertThat(Permission.of(Set.of(Role.AUD)).stream().map(Permission::name)).noneMatch(name -> name.endsWith("_WRITE") || name.endsWith("_POST") || name.endsWith("_CANCEL"));
        assertThat(Permission.of(Set.of(Role.API))).isEmpty();
    }

    @Test
    @Tag("GOV-15")
    void passwordsAreLongRatherThanComplicated() {
        for (var weak : List.of("short", "aaaaaaaaaaaa", "password1234", "qwerty123456", "asha.rao-2026!!")) {
            assertThat(Passwords.weakness(weak, "asha.rao")).as(weak).isPresent();
        }
        for (var good : List.of("correct horse battery", "पुणे का दुकानदार २०२६", "walk-the-beat-2026")) assertThat(Passwords.weakness(good, "asha.rao")).as(good).isEmpty();
    }
}
