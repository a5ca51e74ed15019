using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CnnCodegen.Execution;

/// <content>Counting of bits, and tables of a vector.</content>
public static partial class VectorFunctions
{
    /// <summary>The set bits of each number of four bits.</summary>
    public static Vector128<byte> NibbleCounts128 => Vector128.Create((byte)0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);

    /// <summary>The set bits of each number of four bits, in each 16 bytes.</summary>
    public static Vector256<byte> NibbleCounts256 => Vector256.Create(NibbleCounts128, NibbleCounts128);

    /// <summary>The set bits of each number of four bits, in each 16 bytes.</summary>
    public static Vector512<byte> NibbleCounts512 => Vector512.Create(NibbleCounts256, NibbleCounts256);

    /// <summary>The entry of each index below 16 in a table that is the same in each 16 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Lookup(Vector512<byte> table, Vector512<byte> index) => Avx512BW.IsSupported
        ? Avx512BW.Shuffle(table, index)
        : Vector512.Create(Lookup(table.GetLower(), index.GetLower()), Lookup(table.GetLower(), index.GetUpper()));

    /// <summary>The entry of the table that the lowest two bits of each index name.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Lookup(Vector128<float> table, Vector128<uint> index) => Avx.IsSupported
        ? Avx.PermuteVar(table, index.AsInt32())
        : Vector128.ShuffleNative(table, (index & Vector128.Create(3u)).AsInt32());

    /// <summary>The entry of the table that the lowest three bits of each index name.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Lookup(Vector256<float> table, Vector256<uint> index) => Avx2.IsSupported
        ? Avx2.PermuteVar8x32(table, index.AsInt32())
        : Vector256.ShuffleNative(table, (index & Vector256.Create(7u)).AsInt32());

    /// <summary>The entry of the table that the lowest four bits of each index name.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Lookup(Vector512<float> table, Vector512<uint> index) => Avx512F.IsSupported
        ? Avx512F.PermuteVar16x32(table, index.AsInt32())
        : Vector512.ShuffleNative(table, (index & Vector512.Create(15u)).AsInt32());

    /// <summary>Sixteen bytes in each 16 bytes.</summary>
    /// <param name="bytes">Where they lie.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Vector512<byte> Repeat512(byte* bytes)
    {
        if (Avx512F.IsSupported) return Avx512F.BroadcastVector128ToVector512((uint*)bytes).AsByte();
        Vector256<byte> twice = Vector256.Create(*(Vector128<byte>*)bytes, *(Vector128<byte>*)bytes);
        return Vector512.Create(twice, twice);
    }

    /// <summary>The sum of the bytes of each 64 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> SumBytes(Vector128<byte> bytes)
    {
        if (Sse2.IsSupported) return Sse2.SumAbsoluteDifferences(bytes, Vector128<byte>.Zero).AsUInt64();
        Vector128<ushort> pairs = (bytes.AsUInt16() & Vector128.Create((ushort)0xFF)) + (bytes.AsUInt16() >> 8);
        Vector128<uint> fours = (pairs.AsUInt32() & Vector128.Create(0xFFFFu)) + (pairs.AsUInt32() >> 16);
        return (fours.AsUInt64() & Vector128.Create(0xFFFFFFFFul)) + (fours.AsUInt64() >> 32);
    }

    /// <summary>The sum of the bytes of each 64 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> SumBytes(Vector512<byte> bytes) => Avx512BW.IsSupported
        ? Avx512BW.SumAbsoluteDifferences(bytes, Vector512<byte>.Zero).AsUInt64()
        : Vector512.Create(SumBytes(bytes.GetLower()), SumBytes(bytes.GetUpper()));

    private static Vector256<byte> Lookup(Vector256<byte> table, Vector256<byte> index) => Vector256.Create(
        Vector128.ShuffleNative(table.GetLower(), index.GetLower()), Vector128.ShuffleNative(table.GetLower(), index.GetUpper()));

    private static Vector256<ulong> SumBytes(Vector256<byte> bytes) => Vector256.Create(SumBytes(bytes.GetLower()), SumBytes(bytes.GetUpper()));
}
