using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace CnnCodegen.Execution;

public static unsafe partial class VectorFunctions
{
    /// <summary>Copies 4 rows of 4 floats so that rows become columns.</summary>
    /// <param name="x">The first row.</param>
    /// <param name="xRow">Bytes from a row to the next.</param>
    /// <param name="y">Where the first column goes, as a row; it may not overlap the source.</param>
    /// <param name="yRow">Bytes from one of those rows to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose4x4(byte* x, nint xRow, byte* y, nint yRow)
    {
        Vector128<float> a = *(Vector128<float>*)x, b = *(Vector128<float>*)(x + xRow);
        Vector128<float> c = *(Vector128<float>*)(x + (2 * xRow)), d = *(Vector128<float>*)(x + (3 * xRow));
        Vector128<float> acLow = InterleaveLow(a, c), acHigh = InterleaveHigh(a, c), bdLow = InterleaveLow(b, d), bdHigh = InterleaveHigh(b, d);
        *(Vector128<float>*)y = InterleaveLow(acLow, bdLow);
        *(Vector128<float>*)(y + yRow) = InterleaveHigh(acLow, bdLow);
        *(Vector128<float>*)(y + (2 * yRow)) = InterleaveLow(acHigh, bdHigh);
        *(Vector128<float>*)(y + (3 * yRow)) = InterleaveHigh(acHigh, bdHigh);
    }

    /// <summary>The first, third, fifth and seventh of seven floats.</summary>
    /// <param name="x">The first float.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> EverySecond(byte* x)
    {
        Vector128<float> a = *(Vector128<float>*)x, b = *(Vector128<float>*)(x + 12);
        return Sse.IsSupported ? Sse.Shuffle(a, b, 0b11_01_10_00) : Vector128.Create(a[0], a[2], b[1], b[3]);
    }

    /// <summary>a0, b0, a1, b1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> InterleaveLow(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackLow(a, b) : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a, b) : Vector128.Create(a[0], b[0], a[1], b[1]);

    /// <summary>a2, b2, a3, b3.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> InterleaveHigh(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackHigh(a, b) : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a, b) : Vector128.Create(a[2], b[2], a[3], b[3]);
}
