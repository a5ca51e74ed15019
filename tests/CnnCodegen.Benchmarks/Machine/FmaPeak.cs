using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Benchmarks;

/// <summary>The multiply-adds a core can do: independent chains in registers, no memory.</summary>
internal static class FmaPeak
{
    private const int Rounds = 20_000;
    private static float s_sink;

    /// <summary>GFLOP/s of one short measurement.</summary>
    public static double Measure(Isa isa)
    {
        long start = Stopwatch.GetTimestamp();
        int flops = isa switch
        {
            Isa.Avx512 => Chains512(Rounds),
            Isa.Avx2 => Chains256(Rounds),
            _ => Chains128(Rounds),
        };
        return flops / Stopwatch.GetElapsedTime(start).TotalNanoseconds;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static int Chains512(int rounds)
    {
        Vector512<float> x = Vector512.Create(0.999f), y = Vector512.Create(1e-3f);
        Vector512<float> a0 = x, a1 = y, a2 = x, a3 = y, a4 = x, a5 = y, a6 = x, a7 = y, a8 = x, a9 = y, a10 = x, a11 = y;
        for (int i = 0; i < rounds; i++)
        {
            a0 = Vector512.FusedMultiplyAdd(x, y, a0);
            a1 = Vector512.FusedMultiplyAdd(x, y, a1);
            a2 = Vector512.FusedMultiplyAdd(x, y, a2);
            a3 = Vector512.FusedMultiplyAdd(x, y, a3);
            a4 = Vector512.FusedMultiplyAdd(x, y, a4);
            a5 = Vector512.FusedMultiplyAdd(x, y, a5);
            a6 = Vector512.FusedMultiplyAdd(x, y, a6);
            a7 = Vector512.FusedMultiplyAdd(x, y, a7);
            a8 = Vector512.FusedMultiplyAdd(x, y, a8);
            a9 = Vector512.FusedMultiplyAdd(x, y, a9);
            a10 = Vector512.FusedMultiplyAdd(x, y, a10);
            a11 = Vector512.FusedMultiplyAdd(x, y, a11);
        }

        s_sink = Vector512.Sum(a0 + a1 + a2 + a3 + a4 + a5 + a6 + a7 + a8 + a9 + a10 + a11);
        return rounds * 12 * 16 * 2;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static int Chains256(int rounds)
    {
        Vector256<float> x = Vector256.Create(0.999f), y = Vector256.Create(1e-3f);
        Vector256<float> a0 = x, a1 = y, a2 = x, a3 = y, a4 = x, a5 = y, a6 = x, a7 = y, a8 = x, a9 = y, a10 = x, a11 = y;
        for (int i = 0; i < rounds; i++)
        {
            a0 = Vector256.FusedMultiplyAdd(x, y, a0);
            a1 = Vector256.FusedMultiplyAdd(x, y, a1);
            a2 = Vector256.FusedMultiplyAdd(x, y, a2);
            a3 = Vector256.FusedMultiplyAdd(x, y, a3);
            a4 = Vector256.FusedMultiplyAdd(x, y, a4);
            a5 = Vector256.FusedMultiplyAdd(x, y, a5);
            a6 = Vector256.FusedMultiplyAdd(x, y, a6);
            a7 = Vector256.FusedMultiplyAdd(x, y, a7);
            a8 = Vector256.FusedMultiplyAdd(x, y, a8);
            a9 = Vector256.FusedMultiplyAdd(x, y, a9);
            a10 = Vector256.FusedMultiplyAdd(x, y, a10);
            a11 = Vector256.FusedMultiplyAdd(x, y, a11);
        }

        s_sink = Vector256.Sum(a0 + a1 + a2 + a3 + a4 + a5 + a6 + a7 + a8 + a9 + a10 + a11);
        return rounds * 12 * 8 * 2;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static int Chains128(int rounds)
    {
        Vector128<float> x = Vector128.Create(0.999f), y = Vector128.Create(1e-3f);
        Vector128<float> a0 = x, a1 = y, a2 = x, a3 = y, a4 = x, a5 = y, a6 = x, a7 = y, a8 = x, a9 = y, a10 = x, a11 = y;
        for (int i = 0; i < rounds; i++)
        {
            a0 = Vector128.MultiplyAddEstimate(x, y, a0);
            a1 = Vector128.MultiplyAddEstimate(x, y, a1);
            a2 = Vector128.MultiplyAddEstimate(x, y, a2);
            a3 = Vector128.MultiplyAddEstimate(x, y, a3);
            a4 = Vector128.MultiplyAddEstimate(x, y, a4);
            a5 = Vector128.MultiplyAddEstimate(x, y, a5);
            a6 = Vector128.MultiplyAddEstimate(x, y, a6);
            a7 = Vector128.MultiplyAddEstimate(x, y, a7);
            a8 = Vector128.MultiplyAddEstimate(x, y, a8);
            a9 = Vector128.MultiplyAddEstimate(x, y, a9);
            a10 = Vector128.MultiplyAddEstimate(x, y, a10);
            a11 = Vector128.MultiplyAddEstimate(x, y, a11);
        }

        s_sink = Vector128.Sum(a0 + a1 + a2 + a3 + a4 + a5 + a6 + a7 + a8 + a9 + a10 + a11);
        return rounds * 12 * 4 * 2;
    }
}
