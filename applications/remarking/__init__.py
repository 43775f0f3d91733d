"""What clerks notice about the questions of a form, told to its authors; and which ones had to be asked again."""
