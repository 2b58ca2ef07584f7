package dev.holdfast.runtime;

import com.sun.management.OperatingSystemMXBean;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** One process's metrics in Prometheus' text format, with its processor time and memory. Thread-safe. */
public final class Metrics {

    private static final Path MEMORY = Path.of("/proc/self/status");
    private static final double BYTES_A_KIBIBYTE = 1024;

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    /** Every series carries the host and the process. */
    public Metrics(String host, String process) {
        registry.config().commonTags("host", host, "process", process);
        if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
            FunctionCounter.builder("process.cpu", system, bean -> bean.getProcessCpuTime() / 1e9)
                    .baseUnit("seconds")
                    .register(registry);
        }
        Gauge.builder("process.resident.memory", Metrics::residentBytes)
                .baseUnit("bytes")
                .register(registry);
        Gauge.builder(
                        "process.heap.used",
                        () -> Runtime.getRuntime().totalMemory()
                                - Runtime.getRuntime().freeMemory())
                .baseUnit("bytes")
                .register(registry);
    }

    public MeterRegistry registry() {
        return registry;
    }

    String scrape() {
        return registry.scrape();
    }

    /** From the kernel's own accounting; NaN, which Prometheus shows as absent, where there is no /proc. */
    private static double residentBytes() {
        try {
            for (String line : Files.readAllLines(MEMORY)) {
                if (line.startsWith("VmRSS:")) {
                    return Long.parseLong(line.replaceAll("\\D", "")) * BYTES_A_KIBIBYTE;
                }
            }
        } catch (IOException notLinux) {
            return Double.NaN;
        }
        return Double.NaN;
    }
}
