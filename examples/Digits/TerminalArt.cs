using System.Text;

namespace CnnCodegen.Examples;

/// <summary>Shows images and shares as text.</summary>
internal static class TerminalArt
{
    /// <summary>The middle of a field, which holds the digit.</summary>
    private const int First = 3, Last = 25;

    /// <summary>Images of 28 x 28 side by side, two pixels above each other in each character.</summary>
    public static string Draw(params ReadOnlySpan<float[]> images)
    {
        var text = new StringBuilder();
        for (int y = First; y < Last; y += 2)
        {
            var line = new StringBuilder();
            foreach (var image in images)
            {
                for (int x = First; x < Last; x++)
                    line.Append(HalfBlocks(image[y * DigitFrame.Side + x], image[(y + 1) * DigitFrame.Side + x]));
            }

            text.Append(line.ToString().TrimEnd()).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>A bar of up to 30 characters in steps of half a character.</summary>
    public static string Bar(float share)
    {
        int halves = (int)MathF.Round(share * 60);
        return (new string('█', halves / 2) + (halves % 2 == 1 ? "▌" : "")).PadRight(30);
    }

    private static char HalfBlocks(float top, float bottom) => (top >= 0.5f, bottom >= 0.5f) switch
    {
        (true, true) => '█',
        (true, false) => '▀',
        (false, true) => '▄',
        _ => ' ',
    };
}
