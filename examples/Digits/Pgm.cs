using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace CnnCodegen.Examples;

/// <summary>Portable graymaps: plain (P2) and raw (P5), 8 and 16 bits, comments in the header.</summary>
internal static class Pgm
{
    /// <summary>Returns brightness between 0 and 1.</summary>
    /// <param name="content">The file, which starts with P2 or P5.</param>
    /// <param name="checkSize">Throws where width and height are not acceptable, before anything is allocated.</param>
    /// <exception cref="InvalidDataException">The file does not follow the format.</exception>
    public static GrayImage Decode(byte[] content, Action<int, int> checkSize)
    {
        int position = 2;
        int width = Number("the width"), height = Number("the height"), white = Number("the largest value");
        checkSize(width, height);
        if (white is < 1 or > 65535)
            throw new InvalidDataException($"The largest value is {white}; expected 1 to 65535.");

        var image = new GrayImage(width, height);
        bool raw = content[1] == '5';
        int bytes = white > 255 ? 2 : 1;

        if (raw && content.Length - ++position < (long)bytes * image.Pixels.Length) // one white space ends the header
            throw new InvalidDataException($"The file ends early: {width} x {height} pixels need {(long)bytes * image.Pixels.Length} bytes.");
        for (int i = 0; i < image.Pixels.Length; i++)
        {
            int value = !raw ? Number("a pixel")
                : bytes == 1 ? content[position + i]
                : BinaryPrimitives.ReadUInt16BigEndian(content.AsSpan(position + 2 * i));
            if (value > white)
                throw new InvalidDataException($"A pixel is {value}, above the largest value {white}.");
            image.Pixels[i] = (float)value / white;
        }

        return image;

        int Number(string what)
        {
            while (position < content.Length && (char.IsWhiteSpace((char)content[position]) || content[position] == '#'))
                position = content[position] == '#' ? EndOfLine() : position + 1;
            int start = position;
            while (position < content.Length && char.IsAsciiDigit((char)content[position]))
                position++;
            var text = Encoding.ASCII.GetString(content, start, position - start);
            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                ? number
                : throw new InvalidDataException($"Expected {what} as a whole number at byte {start} of the PGM file.");
        }

        int EndOfLine()
        {
            int end = Array.IndexOf(content, (byte)'\n', position);
            return end < 0 ? content.Length : end;
        }
    }
}
