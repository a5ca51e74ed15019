using System.Numerics;
using System.Runtime.InteropServices;

namespace CnnCodegen.Execution;

/// <summary>Tables for counts of differing bits that are looked up, the same for all networks of a process.</summary>
public static unsafe class NibbleTables
{
    private const int Nibbles = 16;

    /// <summary>
    /// For each two nibbles, of the first pixel and 16 times that of the second, 16 bytes: for each nibble of weights how many of its bits differ from the
    /// first, in the lower half, and from the second, in the upper half.
    /// </summary>
    public static byte* Pairs { get; } = MakePairs();

    private static byte* MakePairs()
    {
        byte* table = (byte*)NativeMemory.AlignedAlloc(Nibbles * Nibbles * Nibbles, 64);
        for (int i = 0; i < Nibbles * Nibbles * Nibbles; i++)
        {
            (int pair, int signs) = (i / Nibbles, i % Nibbles);
            table[i] = (byte)(BitOperations.PopCount((uint)(pair % Nibbles ^ signs)) + (Nibbles * BitOperations.PopCount((uint)(pair / Nibbles ^ signs))));
        }

        return table;
    }
}
