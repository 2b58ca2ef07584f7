package dev.holdfast.drill;

import dev.holdfast.audit.LedgerWitness;
import dev.holdfast.log.Log;
import dev.holdfast.log.RecoveryLog;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Where a drill works, and what it works with.
 *
 * @param recoveryLog null where no database is decided about
 * @param ledger a page of the exchange's own ledger, of what follows a line
 * @param folder for journal and evidence, and for what is told meanwhile
 * @param progress takes a line for each thing that is done
 */
public record Site(
        RunningSystem system,
        Log log,
        @Nullable RecoveryLog recoveryLog,
        LongFunction<LedgerWitness.Page> ledger,
        Path folder,
        Consumer<String> progress) {}
