package dev.holdfast.agent.postgres;

import dev.holdfast.agent.Region;
import dev.holdfast.runtime.Secrets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** An agent's process with a primary: argument is the home of a region. It says when the primary stands, and holds it for an hour. */
final class KeptProcess {

    static final String READY = "ready";

    private KeptProcess() {}

    public static void main(String[] arguments) throws Exception {
        Path home = Path.of(arguments[0]);
        try (Kept host = new Kept(Region.configurationOfThree(), "a", home, new Secrets(home))) {
            host.begin(1);
            long deadline = host.ports().clock().nanos() + TimeUnit.HOURS.toNanos(1);
            host.call(() -> host.ports().fencer().deadline(deadline));
            Region.await(
                    "the fencer answers",
                    Kept.LIMIT,
                    () -> host.ports().fencer().answeredDeadline() == deadline);
            System.out.println(READY);
            Thread.sleep(TimeUnit.HOURS.toMillis(1));
        }
    }
}
