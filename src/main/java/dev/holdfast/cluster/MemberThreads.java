package dev.holdfast.cluster;

import java.util.concurrent.ThreadFactory;

/**
 * Makes the threads of one member's parts and tells when one of them ends: the member must not outlive it. Aeron's own error
 * handlers are not enough, because they first write to a mapped file, which on a full disk throws again and ends the thread
 * unheard.
 */
final class MemberThreads implements ThreadFactory {

    private final MemberErrors errors;

    MemberThreads(MemberErrors errors) {
        this.errors = errors;
    }

    @Override
    public Thread newThread(Runnable work) {
        return new Thread(() -> {
            try {
                work.run();
                errors.raise(new TraderFailure(
                        "thread " + Thread.currentThread().getName() + " ended; see the errors above"));
            } catch (RuntimeException | Error failure) {
                errors.raise(failure);
            }
        });
    }
}
