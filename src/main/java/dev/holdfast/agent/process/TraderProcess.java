package dev.holdfast.agent.process;

import dev.holdfast.agent.Caretaker;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A host's trader. One that does not work is replaced while every other member follows a leader: the majority does without it, and no
 * second one is taken away meanwhile. Without that there is no majority to spare, but perhaps none will come back either: then members
 * are replaced one after the other, in the order of their numbers, each when the one before it has had its time.
 */
public final class TraderProcess implements Caretaker {

    private static final Duration LIMIT = Duration.ofSeconds(1);

    /** Time for the other traders to come back by themselves. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Time for the member whose turn comes before this one to start, load its snapshot and join. */
    private static final Duration TURN = Duration.ofSeconds(20);

    private final JavaProcess process;
    private final int member;
    private final List<URI> others;

    /**
     * @param member its number
     * @param others base addresses of the other members
     */
    public TraderProcess(JavaProcess process, int member, List<URI> others) {
        this.process = process;
        this.member = member;
        this.others = List.copyOf(others);
    }

    @Override
    public Observation observe() {
        return process.observe();
    }

    @Override
    public void act(Decision decision) throws IOException, InterruptedException {
        process.act(decision);
    }

    @Override
    public Optional<String> halted() {
        return process.halted();
    }

    @Override
    public String ask() throws IOException {
        return process.ask();
    }

    @Override
    public boolean mayReplace(Duration dead) {
        return othersAreWell() || dead.compareTo(PATIENCE.plus(TURN.multipliedBy(member))) >= 0;
    }

    private boolean othersAreWell() {
        for (URI other : others) {
            try {
                if (!HealthQuestion.problem(other.resolve("/health"), LIMIT).isEmpty()) {
                    return false;
                }
            } catch (IOException silent) {
                return false;
            }
        }
        return true;
    }
}
