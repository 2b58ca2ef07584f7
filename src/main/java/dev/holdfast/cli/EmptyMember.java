package dev.holdfast.cli;

import dev.holdfast.cluster.Reseed;
import dev.holdfast.cluster.TraderOptions;
import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.Folders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out what an empty folder means before a member votes: a region that has not begun, or a member that lost what it once
 * acknowledged. The latter could elect a leader that lacks it too, so it is first filled from the one that leads.
 */
final class EmptyMember {

    private static final Logger LOGGER = LoggerFactory.getLogger(EmptyMember.class);
    private static final long ASK_AGAIN_MILLIS = 100;

    private final TraderOptions options;
    private final Path scratch;
    private final List<Configuration.Host> members;
    private final Others others;
    private volatile String waiting = "";

    /** What another host's member says of itself. */
    interface Others {

        /** Empty when it does not answer; else has {@code begun} and {@code role}, as its health shows them. */
        Map<String, Object> ask(Configuration.Host host) throws InterruptedException;
    }

    /**
     * @param scratch for a driver of its own while the folder is filled
     * @param members their hosts, in the order of their numbers
     */
    EmptyMember(TraderOptions options, Path scratch, List<Configuration.Host> members, Others others) {
        this.options = options;
        this.scratch = scratch;
        this.members = List.copyOf(members);
        this.others = others;
    }

    /** What it waits for, in words; empty when it does not. */
    String waiting() {
        return waiting;
    }

    /**
     * Returns when the member may start: at once when its folder is not empty.
     *
     * @throws dev.holdfast.cluster.TraderFailure if it cannot be filled now
     */
    void prepare() throws InterruptedException {
        if (!options.isEmpty()) {
            return;
        }
        Optional<Configuration.Host> source = source();
        waiting = "";
        if (source.isPresent()) {
            fill(source.get());
        }
    }

    /** Empty when nobody has begun. */
    private Optional<Configuration.Host> source() throws InterruptedException {
        while (true) {
            List<String> silent = new ArrayList<>();
            List<String> begun = new ArrayList<>();
            for (Configuration.Host other : members) {
                if (members.indexOf(other) == options.member()) {
                    continue;
                }
                Map<String, Object> said = others.ask(other);
                if (said.isEmpty()) {
                    silent.add(other.name());
                } else if (Boolean.TRUE.equals(said.get("begun"))) {
                    begun.add(other.name());
                    if ("LEADER".equals(said.get("role"))) {
                        return Optional.of(other);
                    }
                }
            }
            if (silent.isEmpty() && begun.isEmpty()) {
                return Optional.empty();
            }
            say(
                    begun.isEmpty()
                            ? "its folder is empty; waits for " + silent + " to say whether they have begun"
                            : "its folder is empty and " + begun
                                    + " have begun; waits until one of them leads, to be filled from it");
            TimeUnit.MILLISECONDS.sleep(ASK_AGAIN_MILLIS);
        }
    }

    private void say(String now) {
        if (!now.equals(waiting)) {
            waiting = now;
            LOGGER.info("{} {}: {}", options.profile().word(), options.member(), now);
        }
    }

    private void fill(Configuration.Host source) throws InterruptedException {
        LOGGER.warn(
                "{} {} has lost its folder; it is filled from host {}, which leads",
                options.profile().word(),
                options.member(),
                source.name());
        waiting = "its folder was lost; it is filled from host " + source.name();
        Path seeding = options.folder().resolveSibling(options.folder().getFileName() + ".seeding");
        try {
            Folders.delete(seeding);
            Reseed.Result filled = new Reseed(options.in(seeding, scratch)).run(members.indexOf(source));
            options.takeOver(seeding);
            Folders.delete(seeding);
            LOGGER.info(
                    "{} {} is filled: snapshot at log position {}, {} bytes of events",
                    options.profile().word(),
                    options.member(),
                    filled.snapshotPosition(),
                    filled.eventBytes());
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot fill " + options.folder(), failure);
        } finally {
            waiting = "";
        }
    }
}
