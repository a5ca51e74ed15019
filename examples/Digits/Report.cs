namespace CnnCodegen.Examples;

/// <summary>What the program prints.</summary>
internal static class Report
{
    private const int ProfiledRuns = 1000;

    /// <summary>Classifies the digit in an image file.</summary>
    public static void ShowFile(Digits digits, string path)
    {
        var image = ImageFile.ReadDigit(path);
        var scores = new float[10];
        digits.Run(image, scores);

        Console.WriteLine(TerminalArt.Draw(image));
        foreach (int digit in Ranking(scores).Take(3))
            Console.WriteLine($"  {digit}   {TerminalArt.Bar(scores[digit])} {scores[digit],7:P1}");
    }

    /// <summary>Classifies drawn digits, each with a slant and a pen of its own, and shows where the time goes.</summary>
    public static void ShowDrawnDigits(Digits digits)
    {
        float[][] images = [.. Enumerable.Range(0, 10).Select(digit => DigitRenderer.Render(digit, slant: 0.2f * (digit % 4 - 1), thickness: 0.05f + 0.02f * digit))];
        Console.WriteLine(TerminalArt.Draw(images[2], images[5], images[8]));
        Console.WriteLine(" drawn  seen  confidence                              next guess");
        for (int digit = 0; digit < 10; digit++)
            ShowGuess(digits, $"{digit}   ", images[digit]);

        Console.WriteLine("\n A six that is turned until it is a nine:");
        for (int angle = 0; angle <= 180; angle += 30)
            ShowGuess(digits, $"{angle}°", DigitRenderer.Render(6, rotation: angle));

        Console.WriteLine($"\n{Digits.Info.Macs / 1e6:0.00} million multiply-accumulates, {Digits.Info.WeightBytes / 1024.0:0} KiB of weights, {Digits.Info.WorkspaceBytes / 1024.0:0} KiB of workspace");
        Console.WriteLine(digits.Profile(images[0], new float[10], ProfiledRuns));
        Console.WriteLine("The generated class behind each step:");
        int width = Digits.Info.Layers.Max(layer => layer.Name.Length);
        foreach (var layer in Digits.Info.Layers)
            Console.WriteLine($"  {layer.Name.PadRight(width)}  {layer.Kernel}");
    }

    private static void ShowGuess(Digits digits, string title, float[] image)
    {
        var scores = new float[10];
        digits.Run(image, scores);
        int[] ranking = Ranking(scores);
        Console.WriteLine($"{title,6}   {ranking[0]}    {TerminalArt.Bar(scores[ranking[0]])} {scores[ranking[0]],7:P1}   {ranking[1]} {scores[ranking[1]],7:P1}");
    }

    /// <summary>The digits, the most probable first.</summary>
    private static int[] Ranking(float[] scores) => [.. Enumerable.Range(0, 10).OrderByDescending(digit => scores[digit])];
}
