using System.Runtime.CompilerServices;

namespace CnnCodegen.Execution;

/// <summary>What lies around the planes of an image, and padded kernels read: zeros, or the codes of zero.</summary>
public static unsafe class Border
{
    /// <summary>Fills the border of every plane; the pixels inside keep what they hold.</summary>
    /// <param name="tensor">The first byte of the first plane, border included.</param>
    /// <param name="planes">Number of planes, one behind the other.</param>
    /// <param name="rows">Rows of pixels inside the border.</param>
    /// <param name="rowBytes">Bytes of a row, border included.</param>
    /// <param name="top">Rows of border above.</param>
    /// <param name="bottom">Rows of border below.</param>
    /// <param name="leftBytes">Bytes of border at the beginning of each row.</param>
    /// <param name="rightBytes">Bytes of border at the end of each row.</param>
    /// <param name="value">The byte to fill with.</param>
    public static void Clear(byte* tensor, int planes, int rows, int rowBytes, int top, int bottom, int leftBytes, int rightBytes, byte value = 0)
    {
        // The end of a row and the beginning of the next lie together.
        int between = rightBytes + leftBytes;
        for (int plane = 0; plane < planes; plane++)
        {
            Unsafe.InitBlockUnaligned(tensor, value, (uint)((top * rowBytes) + leftBytes));
            tensor += (top * (long)rowBytes) + leftBytes;
            for (int row = 1; row < rows; row++)
            {
                tensor += rowBytes - between;
                Unsafe.InitBlockUnaligned(tensor, value, (uint)between);
                tensor += between;
            }

            tensor += rowBytes - between;
            Unsafe.InitBlockUnaligned(tensor, value, (uint)(rightBytes + (bottom * rowBytes)));
            tensor += rightBytes + (bottom * (long)rowBytes);
        }
    }
}
