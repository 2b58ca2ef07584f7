package dev.holdfast;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.List;

/** The walls between the packages. A rule that fails prints why it is there. */
@AnalyzeClasses(packages = "dev.holdfast", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String[] MACHINES = {"dev.holdfast.engine..", "dev.holdfast.recovery.."};

    private static final String[] WORLD = {
        "java.io..",
        "java.net..",
        "java.nio.file..",
        "java.nio.channels..",
        "java.util.concurrent..",
        "java.util.random..",
        "java.security..",
        "org.slf4j..",
        "io.aeron..",
        "io.micrometer.."
    };

    @ArchTest
    static final ArchRule types_know_nobody = mayUse("types");

    @ArchTest
    static final ArchRule protocol_knows_types = mayUse("protocol", "types");

    @ArchTest
    static final ArchRule engine_knows_protocol = mayUse("engine", "types", "protocol");

    @ArchTest
    static final ArchRule recovery_knows_protocol = mayUse("recovery", "types", "protocol");

    @ArchTest
    static final ArchRule log_knows_protocol = mayUse("log", "types", "protocol");

    @ArchTest
    static final ArchRule runtime_knows_types = mayUse("runtime", "types");

    @ArchTest
    static final ArchRule cluster_hosts_any_machine = mayUse("cluster", "types", "protocol", "log", "runtime");

    @ArchTest
    static final ArchRule exchange_knows_nothing_of_us = mayUse("exchange", "types", "runtime");

    @ArchTest
    static final ArchRule marketdata_is_an_edge = mayUse("marketdata", "types", "protocol", "log", "runtime");

    @ArchTest
    static final ArchRule broker_is_an_edge = mayUse("broker", "types", "protocol", "log", "runtime");

    @ArchTest
    static final ArchRule projection_is_an_edge = mayUse("projection", "types", "protocol", "log", "runtime");

    @ArchTest
    static final ArchRule agent_is_an_edge = mayUse("agent", "types", "protocol", "log", "runtime");

    @ArchTest
    static final ArchRule audit_is_an_edge = mayUse("audit", "types", "protocol", "log", "runtime");

    /** It must run the engine itself: state of the past comes from the log by the code that made it. */
    @ArchTest
    static final ArchRule replay_runs_the_engine = mayUse("replay", "types", "protocol", "engine", "cluster");

    /** A drill that knew agent or engine would judge them by their own word. */
    @ArchTest
    static final ArchRule drill_stands_outside = mayUse("drill", "types", "protocol", "log", "runtime", "audit");

    /** ADR 7: it drives the real edges, so that what it proves holds for them and not for a model of them. */
    @ArchTest
    static final ArchRule simulation_drives_the_real_parts = mayUse(
            "simulation",
            "types",
            "protocol",
            "log",
            "runtime",
            "engine",
            "recovery",
            "agent",
            "cluster",
            "broker",
            "projection",
            "audit");

    @ArchTest
    static final ArchRule dashboard_reads_models =
            mayUse("dashboard", "types", "protocol", "log", "runtime", "projection", "audit", "drill");

    @ArchTest
    static final ArchRule bench_measures_what_is_below_the_command_line = noClasses()
            .that()
            .resideInAPackage("dev.holdfast.bench..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.holdfast.cli..", "dev.holdfast.dashboard..")
            .because("a measurement uses the parts themselves; commands and pages show what it found");

    @ArchTest
    static final ArchRule only_the_command_line_starts_measurements = noClasses()
            .that()
            .resideOutsideOfPackages("dev.holdfast.bench..", "dev.holdfast.cli..", "dev.holdfast.drill..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.holdfast.bench..")
            .because("what trades must not know that it is measured");

    @ArchTest
    static final ArchRule caretakers_do_not_know_each_other = slices().matching("dev.holdfast.agent.(*)..")
            .should()
            .notDependOnEachOther()
            .because("what looks after one kind of server must not depend on another kind");

    @ArchTest
    static final ArchRule machine_touches_no_world = noClasses()
            .that()
            .resideInAnyPackage(MACHINES)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(WORLD)
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.lang.Thread")
            .because(
                    "the machine gives the same events on every member and in every replay: no I/O, thread, randomness or logging");

    @ArchTest
    static final ArchRule machine_reads_no_clock = noClasses()
            .that()
            .resideInAnyPackage(MACHINES)
            .should()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(java.time.Instant.class, "now")
            .orShould()
            .callMethod(java.time.LocalDate.class, "now")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(java.time.Clock.class)
            .orShould()
            .callMethod(Math.class, "random")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(java.util.Random.class)
            .because("time and identity come with the command, or replicas disagree");

    @ArchTest
    static final ArchRule machine_iterates_in_order = noClasses()
            .that()
            .resideInAnyPackage(MACHINES)
            .should()
            .callConstructorWhere(com.tngtech.archunit.core.domain.JavaCall.Predicates.target(
                    com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner(
                            JavaClass.Predicates.equivalentTo(java.util.HashMap.class)
                                    .or(JavaClass.Predicates.equivalentTo(java.util.HashSet.class))
                                    .or(JavaClass.Predicates.equivalentTo(java.util.IdentityHashMap.class)))))
            .because("hash order differs between members; a TreeMap or LinkedHashMap does not");

    @ArchTest
    static final ArchRule every_package_is_null_marked = classes()
            .that()
            .haveSimpleName("package-info")
            .and()
            .resideOutsideOfPackage("dev.holdfast.protocol.sbe..")
            .should()
            .beAnnotatedWith("org.jspecify.annotations.NullMarked")
            .because("null is a type of its own here, checked by the compiler");

    /** Classes of a package may use themselves, these packages, the wire codecs and what is not ours. */
    private static ArchRule mayUse(String name, String... others) {
        List<String> allowed = new ArrayList<>(List.of("dev.holdfast." + name + ".."));
        for (String other : others) {
            allowed.add("dev.holdfast." + other + "..");
        }
        return noClasses()
                .that()
                .resideInAPackage("dev.holdfast." + name + "..")
                .should()
                .dependOnClassesThat(JavaClass.Predicates.resideInAPackage("dev.holdfast..")
                        .and(com.tngtech.archunit.base.DescribedPredicate.not(
                                JavaClass.Predicates.resideInAnyPackage(allowed.toArray(String[]::new)))))
                .allowEmptyShould(true)
                .because(
                        "'" + name + "' may know only itself and " + List.of(others)
                                + "; others meet it in the protocol, or the wall is in the wrong place and its move is a decision");
    }
}
