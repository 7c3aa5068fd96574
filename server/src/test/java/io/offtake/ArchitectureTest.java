package io.offtake;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModules;

/// The floors of DESIGN section 3: calls go down, news goes up, and the rules know nothing of the server.
class ArchitectureTest {
    private static final JavaClasses CODE = new ClassFileImporter().withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("io.offtake");

    private static final List<List<String>> FLOORS = List.of(
            List.of("platform", "access", "governance"), List.of("network", "catalog"), List.of("pricing", "schemes", "tax"), List.of("stock", "receivables"),
            List.of("primary", "orders", "billing", "returns", "claims"), List.of("field", "routing", "consumers"), List.of("insight", "forecast", "assistant"),
            List.of("sync", "exchange", "example"));

    @Test
    void modulesKeepToTheirFacesAndDeclaredDependencies() {
        ApplicationModules.of(Offtake.class).verify();
    }

    @Test
    void noModuleDependsOnAHigherFloor() {
        for (int floor = 0; floor < FLOORS.size() - 1; floor++) {
            var above = FLOORS.subList(floor + 1, FLOORS.size()).stream().flatMap(List::stream).map(module -> "io.offtake." + module + "..").toArray(String[]::new);
            for (var module : FLOORS.get(floor)) {
                noClasses().that().resideInAPackage("io.offtake." + module + "..").should().dependOnClassesThat().resideInAnyPackage(above)
                        .because("calls go down the floors (DESIGN section 3)").allowEmptyShould(true).check(CODE);
            }
        }
    }

    @Test
    void everyModuleStandsOnAFloor() {
        var known = FLOORS.stream().flatMap(List::stream).toList();
        assertThat(ApplicationModules.of(Offtake.class).stream().map(module -> module.getIdentifier().toString())).isNotEmpty().allMatch(known::contains);
    }

    @Test
    void rulesUseTheJdkAlone() {
        classes().that().resideInAPackage("io.offtake.rules..").should().onlyDependOnClassesThat()
                .resideInAnyPackage("io.offtake.rules..", "java.lang..", "java.util..", "java.math..", "java.time..").check(CODE);
        noClasses().that().resideInAPackage("io.offtake.rules..").should().dependOnClassesThat()
                .haveFullyQualifiedName("java.util.Locale").orShould().callMethod(String.class, "format", String.class, Object[].class)
                .because("rules also run in the browser: no locale, no String.format").check(CODE);
        noClasses().that().resideInAPackage("io.offtake.rules..").should().callMethod(java.time.LocalDate.class, "now")
                .orShould().callMethod(java.time.Instant.class, "now").because("the business date is given to the rules").check(CODE);
    }

    @Test
    void onlyTheLauncherKnowsTheLauncher() {
        noClasses().that().resideOutsideOfPackage("io.offtake.launch..").and().doNotHaveFullyQualifiedName("io.offtake.Offtake")
                .should().dependOnClassesThat().resideInAPackage("io.offtake.launch..").check(CODE);
    }

    @Test
    void timeComesFromAClock() {
        var outside = Map.of("java.time.Instant", "now", "java.time.LocalDate", "now", "java.time.LocalDateTime", "now", "java.time.OffsetDateTime", "now");
        for (var entry : outside.entrySet()) {
            try {
                noClasses().that().resideInAPackage("io.offtake..").and().resideOutsideOfPackages("io.offtake.launch..", "io.offtake.platform.database..")
                        .should().callMethod(Class.forName(entry.getKey()), entry.getValue()).because("time comes from an injected Clock").check(CODE);
            } catch (ClassNotFoundException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }
}
