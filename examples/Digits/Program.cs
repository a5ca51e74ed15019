using System.Globalization;
using System.Text;
using CnnCodegen.Examples;
using CnnCodegen.Weights;

Console.OutputEncoding = Encoding.UTF8;
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is not ([] or ["--image", _]))
{
    Console.Error.WriteLine("Usage: Digits [--image <file.pgm | file.png | file.jpg>]");
    return 1;
}

try
{
    using var digits = Digits.Load();
    if (args is [_, var path])
        Report.ShowFile(digits, path);
    else
        Report.ShowDrawnDigits(digits);
    return 0;
}
catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException or WeightFileException)
{
    Console.Error.WriteLine(error.Message);
    return 1;
}
