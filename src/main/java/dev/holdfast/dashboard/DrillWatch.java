package dev.holdfast.dashboard;

import dev.holdfast.drill.DrillReports;
import dev.holdfast.drill.Scenario;
import dev.holdfast.drill.UnderWay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a home's files tell of its drills, whoever started them. Looks at most once a second, only when somebody asks, and reads
 * reports only when one came. Thread-safe.
 */
final class DrillWatch {

    private static final FileTime NEVER = FileTime.fromMillis(0);

    /** A second change within the file system's tick leaves the same time, so a young one is looked at again. */
    private static final long SETTLED_MILLIS = 1_000;

    private final DrillDesk desk;
    private final DrillReports reports;
    private final SharedProbe<Look> looks;
    private @Nullable FileTime reportsChanged;
    private DrillView drills;

    private record Look(DrillView drills, Optional<UnderWay.Work> work, boolean lives) {}

    /**
     * As of one moment: what is over by then has its report.
     *
     * @param work null when nothing is at work
     */
    record Seen(DrillView drills, DrillView.@Nullable Work work) {}

    DrillWatch(DrillDesk desk) {
        this.desk = desk;
        this.reports = new DrillReports(desk.reports());
        this.drills = new DrillView(0, desk.refusal(), List.of());
        this.looks = new SharedProbe<>(this::look, System::nanoTime);
    }

    Seen seen() {
        Look last = looks.result();
        return new Seen(
                last.drills(), last.work().map(work -> view(work, last.lives())).orElse(null));
    }

    private static DrillView.Work view(UnderWay.Work work, boolean lives) {
        long ageMillis = System.currentTimeMillis() - work.beganMillis();
        return new DrillView.Work(
                work.name(),
                work.purpose(),
                lives,
                work.beganMillis(),
                ageMillis,
                work.phases(),
                work.phase(),
                ageMillis - work.phaseStartedMillis());
    }

    /** Called by one thread at a time. Work first: a report is kept before its drill is told to be over. */
    private Look look() {
        Optional<UnderWay.Work> work = UnderWay.read(desk.work());
        boolean lives = work.map(UnderWay.Work::lives).orElse(false);
        FileTime changed = changed(desk.reports());
        if (!changed.equals(reportsChanged)) {
            List<DrillView.Row> rows =
                    Arrays.stream(Scenario.values()).map(this::row).toList();
            if (!rows.equals(drills.drills())) {
                drills = new DrillView(drills.version() + 1, desk.refusal(), rows);
            }
            boolean settled = System.currentTimeMillis() - changed.toMillis() > SETTLED_MILLIS;
            reportsChanged = settled ? changed : null;
        }
        return new Look(drills, work, lives);
    }

    private DrillView.Row row(Scenario scenario) {
        boolean possible = desk.possible().contains(scenario);
        try {
            return new DrillView.Row(
                    scenario.word(),
                    scenario.does(),
                    scenario.shows(),
                    possible,
                    reports.last(scenario).orElse(null),
                    "");
        } catch (IOException unreadable) {
            return new DrillView.Row(
                    scenario.word(),
                    scenario.does(),
                    scenario.shows(),
                    possible,
                    null,
                    String.valueOf(unreadable.getMessage()));
        }
    }

    /** A report comes by a rename, which changes the folder. */
    private static FileTime changed(Path folder) {
        try {
            return Files.getLastModifiedTime(folder);
        } catch (NoSuchFileException none) {
            return NEVER;
        } catch (IOException unreadable) {
            return NEVER;
        }
    }
}
