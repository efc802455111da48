@echo off
rem Double click: sets Dailies up (once) and starts it. Python 3.11 or newer from python.org is needed. Untested on Windows.
cd /d "%~dp0.."
where py >nul 2>nul && (py -3 run.py %*) || (python run.py %*)
if errorlevel 1 pause
