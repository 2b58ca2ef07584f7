package dev.holdfast.cluster;

import io.aeron.Aeron;
import io.aeron.RethrowingErrorHandler;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.nio.file.Path;
import java.time.Duration;
import org.agrona.CloseHelper;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.AgentInvoker;
import org.jspecify.annotations.Nullable;

/**
 * A connection's Aeron client, and the driver below it unless a member's own driver serves. Both run only when invoked, so one
 * thread does everything. Used by that thread.
 */
final class Transport implements AutoCloseable {

    private final @Nullable MediaDriver driver;
    private final Aeron aeron;

    private Transport(@Nullable MediaDriver driver, Aeron aeron) {
        this.driver = driver;
        this.aeron = aeron;
    }

    /** With a driver of its own, so that the process outlives every member. */
    static Transport embedded(Path folder, ErrorHandler errors) {
        MediaDriver driver = MediaDriver.launch(new MediaDriver.Context()
                .aeronDirectoryName(folder.toString())
                .dirDeleteOnStart(true)
                .dirDeleteOnShutdown(true)
                .threadingMode(ThreadingMode.INVOKER)
                .termBufferSparseFile(true)
                .performStorageChecks(false)
                .asyncExecutorEnabled(false)
                .publicationTermBufferLength(256 << 10)
                .ipcTermBufferLength(64 << 10)
                .initialWindowLength(128 << 10)
                .socketRcvbufLength(1 << 20)
                .socketSndbufLength(1 << 20)
                .imageLivenessTimeoutNs(Duration.ofSeconds(3).toNanos())
                .timerIntervalNs(Duration.ofMillis(100).toNanos())
                .errorHandler(errors));
        try {
            return new Transport(driver, connect(folder, driver.sharedAgentInvoker(), errors));
        } catch (RuntimeException failure) {
            CloseHelper.quietClose(driver);
            throw failure;
        }
    }

    /** On a driver that runs in this process already. */
    static Transport attached(Path folder, ErrorHandler errors) {
        return new Transport(null, connect(folder, null, errors));
    }

    Aeron aeron() {
        return aeron;
    }

    @Nullable
    AgentInvoker driverInvoker() {
        return driver == null ? null : driver.sharedAgentInvoker();
    }

    /** @throws IllegalStateException if the driver serves no more; what it carried is then lost */
    int invoke() {
        int work = (driver == null ? 0 : driver.sharedAgentInvoker().invoke())
                + aeron.conductorAgentInvoker().invoke();
        if (aeron.isClosed()) { // it tells its error handler only, and then does nothing any more
            throw new IllegalStateException("the driver in " + aeron.context().aeronDirectoryName()
                    + " has ended or was not heard of for long");
        }
        return work;
    }

    @Override
    public void close() {
        CloseHelper.quietCloseAll(aeron, driver);
    }

    private static Aeron connect(Path folder, @Nullable AgentInvoker driver, ErrorHandler errors) {
        return Aeron.connect(new Aeron.Context()
                .aeronDirectoryName(folder.toString())
                .driverAgentInvoker(driver)
                .useConductorAgentInvoker(true)
                .errorHandler(errors)
                .subscriberErrorHandler(RethrowingErrorHandler.INSTANCE));
    }
}
