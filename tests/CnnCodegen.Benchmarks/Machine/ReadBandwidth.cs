using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CnnCodegen.Benchmarks;

/// <summary>Read bandwidth of a memory level.</summary>
/// <param name="Level">L1, L2, L3 or DRAM.</param>
/// <param name="WorkingSet">Bytes that were read again and again.</param>
/// <param name="GigabytesPerSecond">The best measurement.</param>
internal sealed record Bandwidth(string Level, long WorkingSet, double GigabytesPerSecond);

/// <summary>How fast one core reads, by where the data is.</summary>
internal static unsafe class ReadBandwidth
{
    private const int Step = 8 * 32, Measurements = 12;
    private const long MinimumRead = 32 << 20, LargestSet = 512 << 20;
    private static float s_sink;

    /// <summary>One figure for each level; half a cache is safely within it, four times the last one is safely outside.</summary>
    public static IReadOnlyList<Bandwidth> Measure()
    {
        long[] caches = [.. CacheSizes()];
        return
        [
            .. caches.Select((size, i) => Measure($"L{i + 1}", size / 2)),
            Measure("DRAM", Math.Min(LargestSet, 4 * caches[^1])),
        ];
    }

    private static Bandwidth Measure(string level, long bytes)
    {
        bytes = bytes / Step * Step;
        byte* memory = (byte*)NativeMemory.AlignedAlloc((nuint)bytes, 4096);
        try
        {
            new Span<byte>(memory, checked((int)bytes)).Clear();
            long repeats = Math.Max(1, MinimumRead / bytes);
            double best = 0;
            for (int i = 0; i < Measurements; i++)
            {
                long start = Stopwatch.GetTimestamp();
                for (long repeat = 0; repeat < repeats; repeat++) Read(memory, bytes);
                best = Math.Max(best, bytes * repeats / Stopwatch.GetElapsedTime(start).TotalNanoseconds);
            }

            return new Bandwidth(level, bytes, best);
        }
        finally
        {
            NativeMemory.AlignedFree(memory);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Read(byte* memory, long bytes)
    {
        // Eight sums hide the latency of the addition.
        Vector256<float> a0 = default, a1 = default, a2 = default, a3 = default;
        Vector256<float> a4 = default, a5 = default, a6 = default, a7 = default;
        for (byte* p = memory, end = memory + bytes; p < end; p += Step)
        {
            a0 += Vector256.Load((float*)p);
            a1 += Vector256.Load((float*)(p + 32));
            a2 += Vector256.Load((float*)(p + 64));
            a3 += Vector256.Load((float*)(p + 96));
            a4 += Vector256.Load((float*)(p + 128));
            a5 += Vector256.Load((float*)(p + 160));
            a6 += Vector256.Load((float*)(p + 192));
            a7 += Vector256.Load((float*)(p + 224));
        }

        s_sink = Vector256.Sum(a0 + a1 + a2 + a3 + a4 + a5 + a6 + a7);
    }

    /// <summary>Bytes of the data caches of processor 0, smallest first; usual ones where the system does not say.</summary>
    private static IEnumerable<long> CacheSizes()
    {
        const string folder = "/sys/devices/system/cpu/cpu0/cache";
        if (!Directory.Exists(folder)) return [32 << 10, 1 << 20, 16 << 20];
        return Directory.EnumerateDirectories(folder, "index*")
            .Where(index => File.ReadAllText(Path.Combine(index, "type")).Trim() != "Instruction")
            .Select(index => File.ReadAllText(Path.Combine(index, "size")).Trim())
            .Select(size => long.Parse(size.TrimEnd('K', 'M'), CultureInfo.InvariantCulture) << (size.EndsWith('M') ? 20 : 10))
            .Order();
    }
}
