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
        FourColumns(x, xRow, out Vector128<float> a, out Vector128<float> b, out Vector128<float> c, out Vector128<float> d);
        *(Vector128<float>*)y = a;
        *(Vector128<float>*)(y + yRow) = b;
        *(Vector128<float>*)(y + (2 * yRow)) = c;
        *(Vector128<float>*)(y + (3 * yRow)) = d;
    }

    /// <summary>Reads 4 floats of each of 4 rows as columns.</summary>
    /// <param name="x">The first row.</param>
    /// <param name="row">Bytes from a row to the next.</param>
    /// <param name="a">The first float of each row.</param>
    /// <param name="b">The second.</param>
    /// <param name="c">The third.</param>
    /// <param name="d">The fourth.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FourColumns(byte* x, nint row, out Vector128<float> a, out Vector128<float> b, out Vector128<float> c, out Vector128<float> d)
    {
        Vector128<float> r0 = *(Vector128<float>*)x, r1 = *(Vector128<float>*)(x + row);
        Vector128<float> r2 = *(Vector128<float>*)(x + (2 * row)), r3 = *(Vector128<float>*)(x + (3 * row));
        FourColumns(r0, r1, r2, r3, out a, out b, out c, out d);
    }

    /// <summary>Four rows of 4 floats as columns.</summary>
    /// <param name="r0">The first row.</param>
    /// <param name="r1">The second.</param>
    /// <param name="r2">The third.</param>
    /// <param name="r3">The fourth.</param>
    /// <param name="a">The first float of each row.</param>
    /// <param name="b">The second.</param>
    /// <param name="c">The third.</param>
    /// <param name="d">The fourth.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FourColumns(
        Vector128<float> r0, Vector128<float> r1, Vector128<float> r2, Vector128<float> r3,
        out Vector128<float> a, out Vector128<float> b, out Vector128<float> c, out Vector128<float> d)
    {
        Vector128<float> low02 = InterleaveLow(r0, r2), high02 = InterleaveHigh(r0, r2), low13 = InterleaveLow(r1, r3), high13 = InterleaveHigh(r1, r3);
        a = InterleaveLow(low02, low13);
        b = InterleaveHigh(low02, low13);
        c = InterleaveLow(high02, high13);
        d = InterleaveHigh(high02, high13);
    }

    /// <summary>Reads 4 floats of each of 8 rows as columns.</summary>
    /// <inheritdoc cref="FourColumns(byte*, nint, out Vector128{float}, out Vector128{float}, out Vector128{float}, out Vector128{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FourColumns(byte* x, nint row, out Vector256<float> a, out Vector256<float> b, out Vector256<float> c, out Vector256<float> d)
    {
        Vector256<float> r04 = Rows(x, row), r15 = Rows(x + row, row), r26 = Rows(x + (2 * row), row), r37 = Rows(x + (3 * row), row);
        Vector256<float> low02 = InterleaveLow(r04, r26), high02 = InterleaveHigh(r04, r26), low13 = InterleaveLow(r15, r37), high13 = InterleaveHigh(r15, r37);
        a = InterleaveLow(low02, low13);
        b = InterleaveHigh(low02, low13);
        c = InterleaveLow(high02, high13);
        d = InterleaveHigh(high02, high13);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector256<float> Rows(byte* x, nint row) => Vector256.Create(*(Vector128<float>*)x, *(Vector128<float>*)(x + (4 * row)));
    }

    /// <summary>Reads 4 floats of each of 16 rows as columns.</summary>
    /// <inheritdoc cref="FourColumns(byte*, nint, out Vector128{float}, out Vector128{float}, out Vector128{float}, out Vector128{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FourColumns(byte* x, nint row, out Vector512<float> a, out Vector512<float> b, out Vector512<float> c, out Vector512<float> d)
    {
        FourColumns(x, row, out Vector256<float> a0, out Vector256<float> b0, out Vector256<float> c0, out Vector256<float> d0);
        FourColumns(x + (8 * row), row, out Vector256<float> a1, out Vector256<float> b1, out Vector256<float> c1, out Vector256<float> d1);
        a = Vector512.Create(a0, a1);
        b = Vector512.Create(b0, b1);
        c = Vector512.Create(c0, c1);
        d = Vector512.Create(d0, d1);
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

    /// <summary><see cref="InterleaveLow(Vector128{float}, Vector128{float})"/> in each half.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> InterleaveLow(Vector256<float> a, Vector256<float> b) =>
        Avx.IsSupported ? Avx.UnpackLow(a, b) : Vector256.Create(InterleaveLow(a.GetLower(), b.GetLower()), InterleaveLow(a.GetUpper(), b.GetUpper()));

    /// <summary><see cref="InterleaveHigh(Vector128{float}, Vector128{float})"/> in each half.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> InterleaveHigh(Vector256<float> a, Vector256<float> b) =>
        Avx.IsSupported ? Avx.UnpackHigh(a, b) : Vector256.Create(InterleaveHigh(a.GetLower(), b.GetLower()), InterleaveHigh(a.GetUpper(), b.GetUpper()));
}
